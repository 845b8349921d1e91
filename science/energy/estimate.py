"""Estimate the watt-hours of an answer, with a range and its parts."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from science.energy.ecologits_method import ECOLOGITS
from science.energy.hosting import CLOUD, UNKNOWN_LOAD, Hosting
from science.energy.interval import Interval
from science.energy.method import Method, Part, PartName, Workload
from science.energy.physical_method import PHYSICAL_2026
from science.energy.physical_method_2 import PHYSICAL_2026_2
from science.energy.shape import ModelShape

DEFAULT_METHOD = PHYSICAL_2026_2.name
METHODS: dict[str, Method] = {method.name: method for method in (PHYSICAL_2026_2, PHYSICAL_2026, ECOLOGITS)}


class UnknownMethod(ValueError):
    """No method has this name."""


@dataclass(frozen=True)
class Estimate:
    """The energy of one answer, in Wh, with its range, its parts and what it was computed from.

    tokens_out: tokens of the answer itself; reasoning_tokens: hidden ones, in addition.
    tokens_in: tokens that were read, history included; context_tokens: how many of those, and of the
    answer's own, one written token looks back at in the mean.
    hosting: where it was made; load: conversations that the machine is taken to serve together.
    size_energy_wh: middle energies at the ends of the size hypothesis, without the method's uncertainty.
    parts: shares of the middle energy.
    ratio_spread, host_spread: what this answer adds to the doubt of a ratio, as in Computation.
    hardware_co2_g: CO2 of making the machines, where the method counts it.
    """

    shape: ModelShape
    tokens_out: float
    reasoning_tokens: float
    tokens_in: float
    context_tokens: float
    hosting: Hosting
    load: Interval
    method: Method
    energy_wh: Interval
    size_energy_wh: Interval
    parts: tuple[Part, ...]
    gpu_count: int
    ratio_spread: float
    host_spread: float
    hardware_co2_g: Interval | None

    @property
    def batch(self) -> float:
        """Conversations that the machine is taken to serve together, usually."""
        return self.load.mid

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
    def own_energy_wh(self) -> Interval:
        """The range with the doubt of this model alone: what is left between two at equal conditions."""
        return self.size_energy_wh.widened(self.ratio_spread)

    @property
    def tokens(self) -> float:
        """All the tokens that were generated, hidden ones included."""
        return self.tokens_out + self.reasoning_tokens

    @property
    def reading_wh(self) -> float:
        """The middle energy of reading the question and the history; 0 where a method does not count it."""
        return sum(part.energy_wh for part in self.parts if part.name is PartName.PROMPT)

    @property
    def reasoning_share(self) -> float:
        """The share of the energy, between 0 and 1, that went to hidden reasoning."""
        return self.reasoning_wh / self.mid_wh if self.tokens else 0.0

    @property
    def reasoning_wh(self) -> float:
        """The middle energy of the hidden reasoning alone, a share of the writing."""
        written = self.reasoning_tokens / self.tokens if self.tokens else 0.0
        return (self.mid_wh - self.reading_wh) * written


def mean_context_tokens(turns: Iterable[tuple[float, float]]) -> float:
    """The mean number of tokens that a written token looks back at, over several turns.

    turns: for each, the tokens read (question and history) and the tokens written, hidden ones included.
    """
    pairs = list(turns)
    written = sum(tokens for _, tokens in pairs)
    looked_at = sum((tokens_in + tokens / 2) * tokens for tokens_in, tokens in pairs)
    return looked_at / written if written else 0.0


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
    tokens_in: float = 0,
    context_tokens: float | None = None,
    hosting: Hosting = CLOUD,
    batch: float | Interval | None = None,
) -> Estimate:
    """The energy of an answer of tokens_out tokens, plus hidden reasoning_tokens, by a method chosen by name.

    tokens_in: tokens read, question and history together, as servers report them; 0 where not known. For
    several turns the sum, with context_tokens from mean_context_tokens; left out, it is that of one turn.
    hosting: where the answer was made (science.energy.hosting); a cloud of unknown load by default.
    batch: conversations served together: their usual number, with the doubt of a cloud around it, or fewest,
    usual and most; left out, those of the hosting. The methods that know no hosting take the usual number, 64
    when left out.
    `physical-2026` and EcoLogits read neither tokens_in, nor the context, nor the hosting.
    Raises UnknownMethod, and ValueError for a count of tokens that is negative or not finite, or a batch
    below 1.
    """
    chosen = method_named(method)
    counts = {"tokens_out": tokens_out, "reasoning_tokens": reasoning_tokens, "tokens_in": tokens_in}
    for name, tokens in counts.items():
        _check_tokens(name, tokens)
    written = tokens_out + reasoning_tokens
    if context_tokens is None:
        context_tokens = tokens_in + written / 2
    _check_tokens("context_tokens", context_tokens)
    load = _load(batch, hosting if chosen.knows_hosting else CLOUD)
    computation = chosen.compute(shape, Workload(written, tokens_in, context_tokens, load, hosting))
    return Estimate(
        shape=shape,
        **counts,
        context_tokens=context_tokens,
        hosting=hosting,
        load=load,
        method=chosen,
        energy_wh=computation.energy_wh,
        size_energy_wh=computation.size_energy_wh,
        parts=computation.parts,
        gpu_count=computation.gpu_count,
        ratio_spread=computation.ratio_spread,
        host_spread=computation.host_spread,
        hardware_co2_g=computation.hardware_co2_g,
    )


def estimate_same_tokens(answer: Estimate, shape: ModelShape, hosting: Hosting) -> Estimate:
    """The same tokens by the same method, written by a model of this shape at this place, at its own load."""
    return estimate(
        shape,
        answer.tokens_out,
        answer.method.name,
        reasoning_tokens=answer.reasoning_tokens,
        tokens_in=answer.tokens_in,
        context_tokens=answer.context_tokens,
        hosting=hosting,
    )


def _load(batch: float | Interval | None, hosting: Hosting) -> Interval:
    """The conversations served together: as asked, else those of the place."""
    if batch is None:
        return hosting.load
    if isinstance(batch, Interval):
        _check_batch(batch.low)
        return batch
    _check_batch(batch)
    times = batch / UNKNOWN_LOAD.mid
    return Interval(max(1.0, UNKNOWN_LOAD.low * times), batch, UNKNOWN_LOAD.high * times)


def _check_tokens(name: str, tokens: float) -> None:
    if not (math.isfinite(tokens) and tokens >= 0):
        raise ValueError(f"{name} must be a number of at least 0, got {tokens}")


def _check_batch(batch: float) -> None:
    if not (math.isfinite(batch) and batch >= 1):
        raise ValueError(f"batch must be a number of at least 1, got {batch}")
