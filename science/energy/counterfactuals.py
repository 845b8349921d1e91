"""Counterfactuals: the energy of the same answer with one factor changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from science.energy.estimate import Estimate, estimate
from science.energy.shape import Architecture, ModelShape

FEWER_BITS = 8
BITS_PER_BYTE = 8


class Change(StrEnum):
    """The factor that is changed."""

    DENSE = "dense"
    TWICE_AS_LONG = "twice_as_long"
    EIGHT_BITS = "eight_bits"


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
