"""The errors of each method by task and load, in one table that the pages and the command both read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from science.energy.evaluation.error_metrics import Floats
from science.energy.evaluation.estimators import (
    ESTIMATORS,
    PHYSICAL_2,
    Estimator,
    inside_share,
    measured_j,
    middles,
)
from science.energy.evaluation.fitting import fitted_runs, gpu_j_without, left_out_j
from science.energy.evaluation.measurements import Measurement, Task, read_measurements
from science.energy.interval import Interval

LOADS_SHOWN = ((8, 8), (16, 16), (32, 32), (64, 64), (128, 128), (256, 256), (512, 512), (1024, 1024))
SERVICE_LOADS = (16, 256)  # what a service in use runs at; a cloud's range is made for it
FEWEST_RUNS = 5  # fewer make no cell
LOAD_ERRORS = np.geomspace(0.5, 2, 5)  # given half of the true load, up to twice


@dataclass(frozen=True)
class Errors:
    """Errors of estimates on some runs.

    median_factor: half of the runs are closer, as a factor of at least 1, whichever the direction.
    bias: geometric mean of estimated over measured; above 1 is too high.
    within_2_share: runs less than a factor of 2 apart, between 0 and 1.
    """

    median_factor: float
    bias: float
    within_2_share: float


@dataclass(frozen=True)
class ErrorCell:
    """The errors of one method on one task at one load.

    load: fewest and most conversations served together. is_service: whether it lies within the loads that a
    cloud is taken to run at, for which its range is made.
    unknown_load: as on the pages for a cloud, whatever the load was.
    load_within_2, known_load: for `physical-2026.2`, given a load between half and twice the true one, and
    the true one.
    left_out: for `physical-2026.2`, at the true load with a constant fitted without the run's family.
    inside_share: runs inside the range shown for a cloud; known_inside_share: for a server of known load.
    Errors of a method that knows no load are None where a load is needed.
    """

    method_name: str
    task: Task
    load: tuple[int, int]
    is_service: bool
    run_count: int
    model_count: int
    unknown_load: Errors
    load_within_2: Errors | None
    known_load: Errors | None
    left_out: Errors | None
    inside_share: float
    known_inside_share: float | None


@dataclass(frozen=True)
class FamilyLeftOut:
    """`physical-2026.2` fitted without one family, then tried on its runs of a task at loads of a service."""

    family: str
    task: Task
    run_count: int
    gpu_j: float
    errors: Errors


@cache
def error_table() -> tuple[ErrorCell, ...]:
    """Every cell with enough runs: by task, then by method, then by load; the last load is 16 to 256."""
    return tuple(
        _cell(estimator, task, load, runs)
        for task in Task
        for estimator in ESTIMATORS
        for load in (*LOADS_SHOWN, SERVICE_LOADS)
        if len(runs := runs_at(task, load)) >= FEWEST_RUNS
    )


def error_cell(method_name: str, task: Task, load: tuple[int, int]) -> ErrorCell:
    """One cell of the table; raises KeyError when there is none."""
    return {(cell.method_name, cell.task, cell.load): cell for cell in error_table()}[method_name, task, load]


@cache
def families_left_out() -> tuple[FamilyLeftOut, ...]:
    """Each family left out once, on each task that has runs of it."""
    return tuple(
        FamilyLeftOut(family, task, len(runs), gpu_j_without(family), errors(left_out_j(runs), runs))
        for family in sorted({run.family for run in fitted_runs()})
        for task in Task
        if (runs := [run for run in runs_at(task, SERVICE_LOADS) if run.family == family])
    )


def runs_at(task: Task, load: tuple[int, int]) -> list[Measurement]:
    """The runs of a task whose largest number of conversations lies between both ends."""
    return [run for run in read_measurements(task) if load[0] <= run.batch <= load[1]]


def errors(estimated_j: Floats, runs: Sequence[Measurement]) -> Errors:
    """The errors of estimates, shape (n,), or (k, n) for k estimates of each run."""
    logs = np.log(estimated_j / measured_j(runs))
    factors = np.exp(np.abs(logs))
    return Errors(float(np.median(factors)), float(np.exp(logs.mean())), float(np.mean(factors <= 2)))


def _cell(estimator: Estimator, task: Task, load: tuple[int, int], runs: list[Measurement]) -> ErrorCell:
    shown = [estimator.card_j(run) for run in runs]
    known, misjudged_load_j = _at_known_loads(estimator, runs)
    doubt = estimator.has_building_doubt
    return ErrorCell(
        method_name=estimator.method.name,
        task=task,
        load=load,
        is_service=SERVICE_LOADS[0] <= load[0] and load[1] <= SERVICE_LOADS[1],
        run_count=len(runs),
        model_count=len({run.model for run in runs}),
        unknown_load=errors(middles(shown), runs),
        load_within_2=errors(misjudged_load_j, runs) if misjudged_load_j is not None else None,
        known_load=errors(middles(known), runs) if known else None,
        left_out=errors(left_out_j(runs), runs) if estimator is PHYSICAL_2 else None,
        inside_share=inside_share(shown, runs, has_building_doubt=doubt),
        known_inside_share=inside_share(known, runs, has_building_doubt=doubt) if known else None,
    )


def _at_known_loads(estimator: Estimator, runs: list[Measurement]) -> tuple[list[Interval], Floats | None]:
    """Estimates at the true load, and the middles at each of LOAD_ERRORS of it, shape (k, n)."""
    at = estimator.card_j_at
    if at is None:
        return [], None
    known = [at(run, run.mean_batch) for run in runs]
    wrong = [middles([at(run, run.mean_batch * error) for run in runs]) for error in LOAD_ERRORS]
    return known, np.array(wrong)
