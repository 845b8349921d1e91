"""Estimate the watt-hours of an answer, with a range and its parts.

Nothing slow is imported here: numpy is imported by `science.energy.evaluation`, EcoLogits at its first use.
"""

from science.energy.carbon import Carbon, ElectricityMix, carbon, electricity_mixes, mix_named
from science.energy.comparison import SAME_ORDER_BELOW, Ratio, Verdict, ratio
from science.energy.constants import Constant
from science.energy.counterfactuals import Change, WhatIf, other_choices, what_if
from science.energy.equivalents import Equivalent, ReferenceUse, Unit, equivalents, most_telling
from science.energy.estimate import (
    DEFAULT_METHOD,
    METHODS,
    Estimate,
    UnknownMethod,
    estimate,
    mean_context_tokens,
    method_named,
)
from science.energy.hosting import (
    CLOUD,
    Hosting,
    HostingKind,
    Processor,
    own_server,
    read_power,
    supposed_power,
    this_computer,
)
from science.energy.interval import Interval
from science.energy.method import Limit, Method, Part, PartName, Workload
from science.energy.shape import Architecture, ModelShape

__all__ = [
    "CLOUD",
    "DEFAULT_METHOD",
    "METHODS",
    "SAME_ORDER_BELOW",
    "Architecture",
    "Carbon",
    "Change",
    "Constant",
    "ElectricityMix",
    "Equivalent",
    "Estimate",
    "Hosting",
    "HostingKind",
    "Interval",
    "Limit",
    "Method",
    "ModelShape",
    "Part",
    "PartName",
    "Processor",
    "Ratio",
    "ReferenceUse",
    "Unit",
    "UnknownMethod",
    "Verdict",
    "WhatIf",
    "Workload",
    "carbon",
    "electricity_mixes",
    "equivalents",
    "estimate",
    "mean_context_tokens",
    "method_named",
    "mix_named",
    "most_telling",
    "other_choices",
    "own_server",
    "ratio",
    "read_power",
    "supposed_power",
    "this_computer",
    "what_if",
]
