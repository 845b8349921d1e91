"""How many watt-hours an answer took, between what and what, and why."""

from science.energy.comparison import Ratio, Verdict, ratio
from science.energy.estimate import (
    DEFAULT_METHOD,
    METHODS,
    Estimate,
    UnknownMethod,
    estimate,
    method_named,
)
from science.energy.interval import Interval
from science.energy.method import Limit, Method, Part, PartName
from science.energy.shape import Architecture, ModelShape

__all__ = [
    "DEFAULT_METHOD",
    "METHODS",
    "Architecture",
    "Estimate",
    "Interval",
    "Limit",
    "Method",
    "ModelShape",
    "Part",
    "PartName",
    "Ratio",
    "UnknownMethod",
    "Verdict",
    "estimate",
    "method_named",
    "ratio",
]
