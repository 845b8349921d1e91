"""A method of estimation: name, version, constants, limits and computation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from science.energy.constants import Constant
from science.energy.interval import Interval
from science.energy.shape import ModelShape


class PartName(StrEnum):
    """What a share of the energy went to: the first three in `physical-2026`, the others in EcoLogits."""

    WEIGHTS = "weights"
    COMPUTE = "compute"
    GPUS = "gpus"
    CARDS = "cards"
    SERVER = "server"


@dataclass(frozen=True)
class Part:
    """One share of the middle energy: in Wh, and between 0 and 1."""

    name: PartName
    energy_wh: float
    share: float


@dataclass(frozen=True)
class Computation:
    """The result of a method for a shape and a number of tokens.

    size_energy_wh: middle energies at the low end, middle and high end of the size; equal when known.
    energy_wh: the range to show, with the method's uncertainty.
    ratio_spread: the factor of uncertainty that this answer adds to a ratio with another, besides sizes.
    hardware_co2_g: CO2 of making the machines, in g, where the method counts it.
    """

    size_energy_wh: Interval
    energy_wh: Interval
    parts: tuple[Part, ...]
    gpu_count: int
    ratio_spread: float
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

    compute: from a shape, a number of tokens and the conversations served together.
    """

    name: str
    version: str
    date: str
    source: str
    constants: tuple[Constant, ...]
    limits: tuple[Limit, ...]
    compute: Callable[[ModelShape, float, float], Computation] = field(repr=False)
