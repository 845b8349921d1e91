"""Counterfactuals: the energy of the same answer with one factor changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from science.energy.estimate import Estimate, estimate, estimate_same_tokens
from science.energy.hosting import Hosting, HostingKind
from science.energy.shape import Architecture, ModelShape

FEWER_BITS = 8
BITS_PER_BYTE = 8
LAPTOP_MEMORY_GB = 16  # design decision: weights that do not fit run on no ordinary laptop


class Change(StrEnum):
    """The factor that is changed."""

    DENSE = "dense"
    TWICE_AS_LONG = "twice_as_long"
    EIGHT_BITS = "eight_bits"
    HALF_AS_LONG = "half_as_long"
    WITHOUT_REASONING = "without_reasoning"
    SMALLER_MODEL = "smaller_model"
    LAPTOP = "laptop"


@dataclass(frozen=True)
class WhatIf:
    """The answer with one change; factor is its middle energy over the real one."""

    change: Change
    estimate: Estimate
    factor: float


def what_if(answer: Estimate) -> tuple[WhatIf, ...]:
    """The changes that make sense for an answer: none for one without tokens."""
    if not answer.tokens:
        return ()
    return tuple(WhatIf(change, other, other.mid_wh / answer.mid_wh) for change, other in _changed(answer))


def other_choices(answer: Estimate, smaller: ModelShape | None = None) -> tuple[WhatIf, ...]:
    """Other choices that a visitor could have made; smaller: the shape of a smaller model, if there is one.

    None for an answer without tokens.
    """
    if not answer.tokens:
        return ()
    others = _chosen_otherwise(answer, smaller)
    return tuple(WhatIf(change, other, other.mid_wh / answer.mid_wh) for change, other in others)


def _chosen_otherwise(answer: Estimate, smaller: ModelShape | None) -> Iterator[tuple[Change, Estimate]]:
    yield Change.HALF_AS_LONG, _estimate(answer, answer.shape, times=0.5)
    if answer.reasoning_tokens and answer.tokens_out:
        yield Change.WITHOUT_REASONING, _estimate(replace(answer, reasoning_tokens=0), answer.shape)
    if smaller:
        yield Change.SMALLER_MODEL, _estimate(answer, smaller)
    if _could_run_on_a_laptop(answer):
        here = Hosting(HostingKind.THIS_COMPUTER)
        yield Change.LAPTOP, estimate_same_tokens(answer, answer.shape, here)


def _could_run_on_a_laptop(answer: Estimate) -> bool:
    """Whether the weights fit, the method counts the place, and the answer was not made on a computer."""
    if not answer.shape.is_disclosed or not answer.method.knows_hosting or answer.hosting.is_this_computer:
        return False
    weights_gb = answer.shape.served_sizes()[1].total_b * answer.shape.weight_bits / BITS_PER_BYTE
    return weights_gb <= LAPTOP_MEMORY_GB


def _changed(answer: Estimate) -> Iterator[tuple[Change, Estimate]]:
    shape = answer.shape
    if shape.architecture in (Architecture.MIXTURE_OF_EXPERTS, Architecture.MATFORMER):
        dense = ModelShape(Architecture.DENSE, shape.total_params_b, weight_bits=shape.weight_bits)
        yield Change.DENSE, _estimate(answer, dense)
    yield Change.TWICE_AS_LONG, _estimate(answer, shape, times=2)
    if shape.weight_bits > FEWER_BITS:
        yield Change.EIGHT_BITS, _estimate(answer, replace(shape, weight_bits=FEWER_BITS))


def _estimate(answer: Estimate, shape: ModelShape, times: float = 1) -> Estimate:
    """The answer by a model of that shape, so many times as long; what was read stays."""
    hosting = answer.hosting
    if hosting.work_seconds is not None:
        seconds = hosting.work_seconds * times * active_gb(shape) / active_gb(answer.shape)
        hosting = replace(hosting, work_seconds=seconds)
    return estimate(
        shape,
        times * answer.tokens_out,
        answer.method.name,
        reasoning_tokens=times * answer.reasoning_tokens,
        tokens_in=answer.tokens_in,
        hosting=hosting,
        batch=answer.load,
    )


def active_gb(shape: ModelShape) -> float:
    """Gigabytes of weights that one token reads, the pace of a computer that serves one answer."""
    return shape.served_sizes()[1].active_b * shape.weight_bits / BITS_PER_BYTE
