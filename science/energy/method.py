"""A method of estimation: name, version, constants, limits and computation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from science.energy.constants import Constant
from science.energy.hosting import Hosting
from science.energy.interval import Interval
from science.energy.shape import ModelShape


class PartName(StrEnum):
    """A use of energy, which takes a share of the answer's.

    weights, compute, gpus: writing, in both physical methods. prompt (reading the question and the history)
    and context (looking back at what was read and written): since `physical-2026.2`. computer: all the work
    of a computer of one's own, as power times time. cards, server: EcoLogits.
    """

    PROMPT = "prompt"
    WEIGHTS = "weights"
    COMPUTE = "compute"
    CONTEXT = "context"
    GPUS = "gpus"
    COMPUTER = "computer"
    CARDS = "cards"
    SERVER = "server"


@dataclass(frozen=True)
class Part:
    """One share of the middle energy: in Wh, and between 0 and 1."""

    name: PartName
    energy_wh: float
    share: float


@dataclass(frozen=True)
class Workload:
    """The work of an answer, and where it was done.

    tokens: all that were written, hidden ones included; tokens_in: all that were read, history included.
    context_tokens: mean number of tokens that one written token looks back at.
    load: conversations that the machine serves together: fewest, usual and most, equal when it is known.
    """

    tokens: float
    tokens_in: float
    context_tokens: float
    load: Interval
    hosting: Hosting


@dataclass(frozen=True)
class Computation:
    """The result of a method for a shape and a number of tokens.

    size_energy_wh: middle energies at the low end, middle and high end of the size; equal when known.
    energy_wh: the range to show, with the method's uncertainty.
    ratio_spread: the factor of uncertainty that this answer adds to a ratio with another made by the same
    machine at the same load, besides sizes; host_spread: the one it adds where the hosts differ, of which
    the two of a ratio are added as squares of logarithms.
    hardware_co2_g: CO2 of making the machines, in g, where the method counts it.
    """

    size_energy_wh: Interval
    energy_wh: Interval
    parts: tuple[Part, ...]
    gpu_count: int
    ratio_spread: float
    host_spread: float
    hardware_co2_g: Interval | None = None


@dataclass(frozen=True)
class Limit:
    """Something a method leaves out or does badly, in French and in English."""

    key: str
    fr: str
    en: str


@dataclass(frozen=True)
class Method:
    """A way to estimate, as it is named beside each figure; date is when its constants were settled.

    compute: from a shape and a workload; a method leaves out what it does not know.
    knows_hosting: whether it reads where the answer was made.
    """

    name: str
    version: str
    date: str
    source: str
    constants: tuple[Constant, ...]
    limits: tuple[Limit, ...]
    compute: Callable[[ModelShape, Workload], Computation] = field(repr=False)
    knows_hosting: bool = False
