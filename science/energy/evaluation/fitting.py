"""The one constant that is fitted to measurements, found again, with all families or without one.

It is fitted on chats only: joules per card and token, to half a thousandth, that make the mean factor of
error smallest.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from science.energy import physical_method
from science.energy.evaluation.error_metrics import Floats
from science.energy.evaluation.estimators import card_parts_j, measured_j
from science.energy.evaluation.measurements import Measurement, Task, read_measurements
from science.energy.physical_2_constants import FEWEST_SERVED, MOST_SERVED

GPU_J_TRIED = np.arange(2, 401) / 2000  # 0.001 to 0.200 J


def fit_gpu_j(runs: Sequence[Measurement]) -> float:
    """The constant of `physical-2026`, on runs at its own load of 64."""
    energies = [physical_method.token_energy(run.shape.served_sizes()[1], run.weight_bits) for run in runs]
    known_j = np.array([energy.weights_j + energy.compute_j for energy in energies])
    cards = np.array([energy.gpu_count for energy in energies])
    return _best(known_j, cards, measured_j(runs))


def fit_occupied_gpu_j(runs: Sequence[Measurement]) -> float:
    """The constant of `physical-2026.2`, on runs each at its own load, with as many cards as weights need."""
    known_j, cards = (np.array(values) for values in zip(*map(card_parts_j, runs), strict=True))
    return _best(known_j, cards, measured_j(runs))


def _best(known_j: Floats, cards: Floats, measured: Floats) -> float:
    estimated_j = known_j + np.outer(GPU_J_TRIED, cards)
    errors = np.abs(np.log(estimated_j / measured)).mean(axis=1)
    return float(GPU_J_TRIED[errors.argmin()])


def fitted_runs() -> list[Measurement]:
    """The runs that `physical-2026.2` is fitted on: chats at the loads of a service in use."""
    low, high = FEWEST_SERVED.value, MOST_SERVED.value
    return [run for run in read_measurements(Task.CHAT) if low <= run.batch <= high]


@cache
def gpu_j_without(family: str) -> float:
    """The constant of `physical-2026.2` found on all families but one."""
    return fit_occupied_gpu_j([run for run in fitted_runs() if run.family != family])


def left_out_j(runs: Sequence[Measurement]) -> Floats:
    """Each run at its own load, estimated with a constant that its family took no part in; shape (n,)."""
    known_j, cards = (np.array(values) for values in zip(*map(card_parts_j, runs), strict=True))
    return np.asarray(known_j + np.array([gpu_j_without(run.family) for run in runs]) * cards)
