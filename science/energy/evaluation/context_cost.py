"""The cost of a long context that the reasoning runs would ask for: looked at, never fitted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from science.energy import physical_method_2
from science.energy.evaluation.error_metrics import Floats
from science.energy.evaluation.error_table import SERVICE_LOADS, runs_at
from science.energy.evaluation.estimators import measured_j, workload
from science.energy.evaluation.measurements import Measurement, Task
from science.energy.hosting import own_server
from science.energy.physical_2_constants import CONTEXT_J

CONTEXT_J_TRIED = np.arange(0, 81) / 2000  # 0 to 0.040 J


@dataclass(frozen=True)
class ContextAsked:
    """One architecture on one kind of card: the constant that would fit its reasoning runs best.

    asked_j: in the unit of CONTEXT_J; asked_factor and used_factor: mean factor of error with it, and with
    the constant in use.
    """

    architecture: str
    gpu: str
    run_count: int
    asked_j: float
    asked_factor: float
    used_factor: float


@cache
def context_asked() -> tuple[ContextAsked, ...]:
    """By architecture and card, at loads of 16 to 256, each run at its own load and on its own cards."""
    runs = runs_at(Task.REASONING, SERVICE_LOADS)
    groups = sorted({(run.architecture, run.gpu) for run in runs})
    return tuple(
        _asked(*group, [run for run in runs if (run.architecture, run.gpu) == group]) for group in groups
    )


def _asked(architecture: str, gpu: str, runs: list[Measurement]) -> ContextAsked:
    short_j, context_j = (np.array(values) for values in zip(*map(_parts_j, runs), strict=True))
    tried: Floats = np.outer(CONTEXT_J_TRIED / CONTEXT_J.value, context_j)
    errors = np.exp(np.abs(np.log((short_j + tried) / measured_j(runs))).mean(axis=1))
    best, used = int(errors.argmin()), int(np.argmin(np.abs(CONTEXT_J_TRIED - CONTEXT_J.value)))
    return ContextAsked(
        architecture, gpu, len(runs), float(CONTEXT_J_TRIED[best]), float(errors[best]), float(errors[used])
    )


def _parts_j(run: Measurement) -> tuple[float, float]:
    """Joules of a token without its context, and of its context."""
    server = own_server(run.gpu, run.gpu_count, run.mean_batch, is_measured=True)
    work = workload(run, server.load, server)
    energy = physical_method_2.answer_energy(run.shape.served_sizes()[1], run.weight_bits, work)
    return replace(energy, context_j=0).total_j, energy.context_j
