"""Estimate the watt-hours of an answer, with a range and its parts."""

from __future__ import annotations

import math
from dataclasses import dataclass

from science.energy.constants import BATCH
from science.energy.ecologits_method import ECOLOGITS
from science.energy.interval import Interval
from science.energy.method import Method, Part
from science.energy.physical_method import PHYSICAL_2026
from science.energy.shape import ModelShape

DEFAULT_METHOD = PHYSICAL_2026.name
METHODS: dict[str, Method] = {method.name: method for method in (PHYSICAL_2026, ECOLOGITS)}


class UnknownMethod(ValueError):
    """No method has this name."""


@dataclass(frozen=True)
class Estimate:
    """The energy of one answer, in Wh, with its range, its parts and what it was computed from.

    tokens_out: tokens of the answer itself; reasoning_tokens: hidden ones, in addition.
    batch: conversations that the machine is assumed to serve together.
    size_energy_wh: middle energies at the ends of the size hypothesis, without the method's uncertainty.
    parts: shares of the middle energy.
    ratio_spread: the factor of uncertainty that this answer adds to a ratio with another.
    hardware_co2_g: CO2 of making the machines, where the method counts it.
    """

    shape: ModelShape
    tokens_out: float
    reasoning_tokens: float
    batch: float
    method: Method
    energy_wh: Interval
    size_energy_wh: Interval
    parts: tuple[Part, ...]
    gpu_count: int
    ratio_spread: float
    hardware_co2_g: Interval | None

    @property
    def low_wh(self) -> float:
        """The low end of the range."""
        return self.energy_wh.low

    @property
    def mid_wh(self) -> float:
        """The middle of the range."""
        return self.energy_wh.mid

    @property
    def high_wh(self) -> float:
        """The high end of the range."""
        return self.energy_wh.high

    @property
    def tokens(self) -> float:
        """All the tokens that were generated, hidden ones included."""
        return self.tokens_out + self.reasoning_tokens

    @property
    def reasoning_share(self) -> float:
        """The share of the energy, between 0 and 1, that went to hidden reasoning."""
        return self.reasoning_tokens / self.tokens if self.tokens else 0.0

    @property
    def reasoning_wh(self) -> float:
        """The middle energy of the hidden reasoning alone."""
        return self.mid_wh * self.reasoning_share


def method_named(name: str) -> Method:
    """The method of that name; raises UnknownMethod with the list of known ones."""
    try:
        return METHODS[name]
    except KeyError:
        raise UnknownMethod(f"unknown energy method {name!r}; known ones: {', '.join(METHODS)}") from None


def estimate(
    shape: ModelShape,
    tokens_out: float,
    method: str = DEFAULT_METHOD,
    *,
    reasoning_tokens: float = 0,
    batch: float = BATCH.value,
) -> Estimate:
    """The energy of an answer of tokens_out tokens, plus hidden reasoning_tokens, by a method chosen by name.

    batch: conversations served together; the ranges on the pages were checked from 16 to 256.
    Raises UnknownMethod, and ValueError for a count of tokens that is negative or not finite, or a batch
    below 1.
    """
    chosen = method_named(method)
    _check_tokens("tokens_out", tokens_out)
    _check_tokens("reasoning_tokens", reasoning_tokens)
    _check_batch(batch)
    computation = chosen.compute(shape, tokens_out + reasoning_tokens, batch)
    return Estimate(
        shape=shape,
        tokens_out=tokens_out,
        reasoning_tokens=reasoning_tokens,
        batch=batch,
        method=chosen,
        energy_wh=computation.energy_wh,
        size_energy_wh=computation.size_energy_wh,
        parts=computation.parts,
        gpu_count=computation.gpu_count,
        ratio_spread=computation.ratio_spread,
        hardware_co2_g=computation.hardware_co2_g,
    )


def _check_tokens(name: str, tokens: float) -> None:
    if not (math.isfinite(tokens) and tokens >= 0):
        raise ValueError(f"{name} must be a number of at least 0, got {tokens}")


def _check_batch(batch: float) -> None:
    if not (math.isfinite(batch) and batch >= 1):
        raise ValueError(f"batch must be a number of at least 1, got {batch}")
