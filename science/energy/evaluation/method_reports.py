"""The accuracy of each method at a load of 64, run by run, for the pages that draw every run.

The measurements are of the cards alone: the share of the building is checked by the range only. All methods
estimate as they do on the pages for a cloud, at a load of 64.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np

from science.energy.constants import BATCH
from science.energy.evaluation.error_metrics import (
    Accuracy,
    RangeCheck,
    RatioCheck,
    accuracy,
    ratio_check,
)
from science.energy.evaluation.error_table import SERVICE_LOADS
from science.energy.evaluation.estimators import ESTIMATORS, Estimator, inside_share, measured_j, middles
from science.energy.evaluation.measurements import Measurement, read_measurements
from science.energy.interval import Interval
from science.energy.method import Method

WIDER_BATCHES = SERVICE_LOADS  # what a server in use runs at; the estimate does not know which


@dataclass(frozen=True)
class Point:
    """One measured run and its estimate, in joules per token."""

    measurement: Measurement
    estimated_j: Interval

    @property
    def factor(self) -> float:
        """Estimated over measured: above 1 is too high."""
        return self.estimated_j.mid / self.measurement.joules_per_token


@dataclass(frozen=True)
class MethodReport:
    """The errors of one method on the chats: at a load of 64, and its range at loads of 16 to 256."""

    method: Method
    accuracy: Accuracy
    shown_range: RangeCheck
    ratio: RatioCheck
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Validation:
    """The reports of all methods on the same runs."""

    model_count: int
    gpus: tuple[str, ...]
    reports: tuple[MethodReport, ...]

    def report(self, method_name: str) -> MethodReport:
        """The report of one method; raises KeyError for a method that was not checked."""
        return {report.method.name: report for report in self.reports}[method_name]


@cache
def validate() -> Validation:
    """All methods against the measured chats."""
    runs = read_measurements()
    return Validation(
        model_count=len({run.model for run in runs}),
        gpus=tuple(sorted({run.gpu for run in runs})),
        reports=tuple(_report(estimator, runs) for estimator in ESTIMATORS),
    )


def _report(estimator: Estimator, runs: Sequence[Measurement]) -> MethodReport:
    points = tuple(Point(run, estimator.card_j(run)) for run in runs)
    at_64 = tuple(point for point in points if point.measurement.batch == BATCH.value)
    lowest, highest = WIDER_BATCHES
    wider = [point for point in points if lowest <= point.measurement.batch <= highest]
    estimated_j = middles([point.estimated_j for point in at_64])
    return MethodReport(
        method=estimator.method,
        accuracy=accuracy(estimated_j, measured_j([point.measurement for point in at_64])),
        shown_range=_range_check(wider, estimator),
        ratio=_ratio_check(at_64),
        points=at_64,
    )


def _range_check(points: Sequence[Point], estimator: Estimator) -> RangeCheck:
    share = inside_share(
        [point.estimated_j for point in points],
        [point.measurement for point in points],
        has_building_doubt=estimator.has_building_doubt,
    )
    return RangeCheck(len(points), share)


def _ratio_check(points: Sequence[Point]) -> RatioCheck:
    pairs = [
        (a, b)
        for a, b in combinations(points, 2)
        if a.measurement.gpu == b.measurement.gpu and a.measurement.model != b.measurement.model
    ]
    return ratio_check(
        np.array([a.estimated_j.mid / b.estimated_j.mid for a, b in pairs]),
        np.array([a.measurement.joules_per_token / b.measurement.joules_per_token for a, b in pairs]),
    )
