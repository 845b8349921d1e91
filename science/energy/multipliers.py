"""Why one answer took more than another: factors whose product is the ratio at the same conditions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from science.energy.comparison import Ratio, ratio
from science.energy.estimate import Estimate, estimate_same_tokens
from science.energy.hosting import CLOUD, Hosting
from science.energy.shape import Architecture, ModelShape


class Cause(StrEnum):
    """The cause for which one answer takes more than another.

    machine: what is left where a computer was timed, which no other cause explains.
    """

    SIZE = "size"
    LENGTH = "length"
    ARCHITECTURE = "architecture"
    PRECISION = "precision"
    MACHINE = "machine"


@dataclass(frozen=True)
class Multiplier:
    """One cause, and by how much it multiplies the energy; below 1 where it saves some."""

    cause: Cause
    factor: float

    @property
    def weight(self) -> float:
        """How much it matters, in whichever direction; at least 1."""
        return max(self.factor, 1 / self.factor)


@dataclass(frozen=True)
class Explanation:
    """The multipliers from the frugal answer to the hungrier one, the heaviest first.

    reasoning: the part of the length that the hidden reasoning of both makes, itself a multiplier.
    params: how many times more parameters the hungrier model has.
    """

    multipliers: tuple[Multiplier, ...]
    reasoning: float
    params: float


def explain_ratio(first: Estimate, second: Estimate) -> Explanation:
    """The causes of a ratio; their product is its factor.

    One thing changes at a time, from the frugal answer to the hungrier one: its model becomes dense, of the
    other's size, of the other's precision; then the answer gets the other's length, and the other's
    architecture. Raises ValueError as `ratio` does.
    """
    found = ratio(first, second)
    frugal, hungrier = (second, first) if found.mid >= 1 else (first, second)
    hosting = _shared_place(found, frugal, hungrier)
    small, large = _dense(frugal.shape), _dense(hungrier.shape)
    resized = replace(large, weight_bits=small.weight_bits)

    def energy_wh(shape: ModelShape, answer: Estimate) -> float:
        return estimate_same_tokens(answer, shape, hosting).mid_wh

    start, dense = energy_wh(frugal.shape, frugal), energy_wh(small, frugal)
    sized, precise = energy_wh(resized, frugal), energy_wh(large, frugal)
    longer, end = energy_wh(large, hungrier), energy_wh(hungrier.shape, hungrier)
    factors = {
        Cause.SIZE: sized / dense,
        Cause.LENGTH: longer / precise,
        Cause.ARCHITECTURE: dense / start * end / longer,
        Cause.PRECISION: precise / sized,
        Cause.MACHINE: found.factor / (end / start),
    }
    multipliers = sorted((Multiplier(*item) for item in factors.items()), key=lambda one: -one.weight)
    return Explanation(
        tuple(multipliers),
        reasoning=_reasoning(hungrier) / _reasoning(frugal),
        params=(large.total_params_b or 1) / (small.total_params_b or 1),
    )


def _shared_place(found: Ratio, frugal: Estimate, hungrier: Estimate) -> Hosting:
    """The place at which both are compared; without the time that a computer was measured to take."""
    if found.hosts_differ or not frugal.hosting.is_same_place(hungrier.hosting):
        return CLOUD
    return replace(hungrier.hosting, work_seconds=None, prompt_share=0)


def _dense(shape: ModelShape) -> ModelShape:
    """A dense model of the same total size, the middle of the hypothesis where it is not published."""
    total_b = shape.total_params_b or shape.served_sizes()[1].total_b
    return ModelShape(Architecture.DENSE, total_b, weight_bits=shape.weight_bits)


def _reasoning(answer: Estimate) -> float:
    """How many times the tokens of the answer are multiplied by its hidden reasoning."""
    return answer.tokens / answer.tokens_out if answer.tokens_out else 1.0
