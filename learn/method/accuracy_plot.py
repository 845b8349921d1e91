"""Estimates against measurements, run by run, at the load that the middle of an estimate supposes."""

import math
from dataclasses import dataclass
from functools import cache

from science.energy.evaluation import MethodReport, validate
from web.formatting import format_significant


@dataclass(frozen=True, slots=True)
class MeasuredRun:
    """One measured run, as a row in joules per token and as a point in percent of the plot."""

    model: str
    gpu: str
    measured: str
    estimated: tuple[str, ...]
    x_percent: float
    y_percents: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class AccuracyPlot:
    """Estimates against measurements on logarithmic axes, low at the left and at the bottom.

    band: where the lines of a factor of two from the diagonal meet the sides, in percent.
    """

    ticks: list[tuple[float, float, str]]
    runs: list[MeasuredRun]
    band: tuple[float, ...]


def plotted_reports() -> tuple[MethodReport, MethodReport]:
    """The reports of the method in use and of EcoLogits: the first and the last."""
    reports = validate().reports
    return reports[0], reports[-1]


@cache
def _axis_decades() -> tuple[float, float]:
    """log10 of the ends of the axes, in joules per token, to half a decade, around all points."""
    joules_per_token = [
        joules
        for report in plotted_reports()
        for point in report.points
        for joules in (point.measurement.joules_per_token, point.estimated_j.mid)
    ]
    return math.floor(2 * math.log10(min(joules_per_token))) / 2, math.ceil(
        2 * math.log10(max(joules_per_token))
    ) / 2


def accuracy_plot() -> AccuracyPlot:
    """Each run measured for a batch of 64, with both estimates."""
    first, last = _axis_decades()
    reports = plotted_reports()
    runs = [_measured_run(reports, place) for place in range(len(reports[0].points))]
    decades = [10.0**power for power in range(math.ceil(first), math.floor(last) + 1)]
    ticks = [
        (_percent(joules), round(100 - _percent(joules), 2), format_significant(joules, digits=1))
        for joules in decades
    ]
    two_percent = 100 * math.log10(2) / (last - first)
    band = (round(two_percent, 2), round(100 - two_percent, 2))
    return AccuracyPlot(ticks, sorted(runs, key=lambda run: run.x_percent), band)


def _measured_run(reports: tuple[MethodReport, ...], place: int) -> MeasuredRun:
    measurement = reports[0].points[place].measurement
    estimated_j = [report.points[place].estimated_j.mid for report in reports]
    return MeasuredRun(
        model=measurement.model,
        gpu=f"{measurement.gpu_count} × {measurement.gpu}",
        measured=format_significant(measurement.joules_per_token),
        estimated=tuple(format_significant(joules) for joules in estimated_j),
        x_percent=_percent(measurement.joules_per_token),
        y_percents=tuple(round(100 - _percent(joules), 2) for joules in estimated_j),
    )


def _percent(joules: float) -> float:
    first, last = _axis_decades()
    return round(100 * (math.log10(joules) - first) / (last - first), 2)
