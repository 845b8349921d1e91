"""Validation of each method against measured energies, the only source of the accuracies shown.

The measurements are of the cards alone: the share of the building (1.7, or EcoLogits' server and PUE) is not
checked here. Both methods estimate as they do on the pages, for a batch of 64.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np

from science.energy import ecologits_method, physical_method, physical_method_2
from science.energy.constants import BATCH, GPU_J, JOULES_PER_WH
from science.energy.error_metrics import Accuracy, Floats, RangeCheck, RatioCheck, accuracy, ratio_check
from science.energy.hosting import CLOUD
from science.energy.interval import Interval
from science.energy.measurements import Measurement, read_measurements
from science.energy.method import Method, Workload
from science.energy.shape import ModelShape

WIDER_BATCHES = (16, 256)  # what a server in use runs at; the estimate does not know which
GPU_J_TRIED = np.arange(2, 401) / 2000  # 0.001 to 0.200 J, in steps of half a thousandth


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
    """The errors of one method on the measurements."""

    method: Method
    accuracy: Accuracy
    shown_range: RangeCheck
    ratio: RatioCheck
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Refit:
    """`physical-2026` with its fitted constant found again without each family, then tried on that family."""

    accuracy: Accuracy
    gpu_j_without: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Validation:
    """The whole validation, as the pages and the command show it."""

    model_count: int
    gpus: tuple[str, ...]
    reports: tuple[MethodReport, ...]
    refit: Refit

    def report(self, method_name: str) -> MethodReport:
        """The report of one method; raises KeyError for a method that was not checked."""
        return {report.method.name: report for report in self.reports}[method_name]


@cache
def validate() -> Validation:
    """Both methods against the measurements of the project."""
    runs = read_measurements()
    return Validation(
        model_count=len({run.model for run in runs}),
        gpus=tuple(sorted({run.gpu for run in runs})),
        reports=(
            _report(physical_method_2.PHYSICAL_2026_2, _physical_2_j, runs),
            _report(physical_method.PHYSICAL_2026, _physical_j, runs),
            _report(ecologits_method.ECOLOGITS, _ecologits_j, runs),
        ),
        refit=leave_one_family_out(_at_batch(runs, (BATCH.value, BATCH.value))),
    )


def leave_one_family_out(runs: Sequence[Measurement]) -> Refit:
    """The fitted constant found on all families but one, and the errors on the one left out."""
    families = sorted({run.family for run in runs})
    found = {family: fit_gpu_j([run for run in runs if run.family != family]) for family in families}
    estimated_j = np.array([_physical_j_with(found[run.family], run) for run in runs])
    return Refit(accuracy(estimated_j, _measured_j(runs)), tuple(found.items()))


def fit_gpu_j(runs: Sequence[Measurement]) -> float:
    """Joules per card and token that make the mean factor of error smallest, to half a thousandth."""
    energies = [_token_energy(run) for run in runs]
    known_j = np.array([energy.weights_j + energy.compute_j for energy in energies])
    cards = np.array([energy.gpu_count for energy in energies])
    estimated_j = known_j + np.outer(GPU_J_TRIED, cards)
    errors = np.abs(np.log(estimated_j / _measured_j(runs))).mean(axis=1)
    return float(GPU_J_TRIED[errors.argmin()])


def _report(
    method: Method, card_j: Callable[[ModelShape], Interval], runs: Sequence[Measurement]
) -> MethodReport:
    points = tuple(Point(run, card_j(run.shape)) for run in runs)
    at_64 = tuple(point for point in points if point.measurement.batch == BATCH.value)
    wider = [point for point in points if _between(point.measurement.batch, WIDER_BATCHES)]
    return MethodReport(
        method=method,
        accuracy=accuracy(_estimated_j(at_64), _measured_j([point.measurement for point in at_64])),
        shown_range=_range_check(wider),
        ratio=_ratio_check(at_64),
        points=at_64,
    )


def _physical_j(shape: ModelShape) -> Interval:
    size, _, _ = shape.served_sizes()
    joules = physical_method.token_energy(size, shape.weight_bits).total_j
    return Interval(joules, joules, joules).widened(physical_method.spread(shape))


def _physical_2_j(shape: ModelShape) -> Interval:
    size, _, _ = shape.served_sizes()
    work = Workload(1, 0, 0, BATCH.value, CLOUD)
    joules = physical_method_2.answer_energy(size, shape.weight_bits, work).total_j
    return Interval(joules, joules, joules).widened(physical_method.spread(shape))


def _ecologits_j(shape: ModelShape) -> Interval:
    """EcoLogits' GPUs, with the only uncertainty it states for a known size: that of the building."""
    joules = ecologits_method.card_energy_wh(shape).mid * JOULES_PER_WH
    pue = ecologits_method.PUE
    return Interval(joules * pue.low / pue.mid, joules, joules * pue.high / pue.mid)


def _token_energy(run: Measurement) -> physical_method.TokenEnergy:
    return physical_method.token_energy(run.shape.served_sizes()[1], run.weight_bits)


def _physical_j_with(gpu_j: float, run: Measurement) -> float:
    energy = _token_energy(run)
    return energy.weights_j + energy.compute_j + gpu_j * energy.gpu_count


def _between(batch: int, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= batch <= bounds[1]


def _at_batch(runs: Sequence[Measurement], bounds: tuple[float, float]) -> list[Measurement]:
    return [run for run in runs if _between(run.batch, bounds)]


def _measured_j(runs: Sequence[Measurement]) -> Floats:
    return np.array([run.joules_per_token for run in runs])


def _estimated_j(points: Sequence[Point]) -> Floats:
    return np.array([point.estimated_j.mid for point in points])


def _range_check(points: Sequence[Point]) -> RangeCheck:
    inside = [point.estimated_j.contains(point.measurement.joules_per_token) for point in points]
    return RangeCheck(len(inside), float(np.mean(inside)))


def _ratio_check(points: Sequence[Point]) -> RatioCheck:
    pairs = [(a, b) for a, b in combinations(points, 2) if _comparable(a.measurement, b.measurement)]
    return ratio_check(
        np.array([a.estimated_j.mid / b.estimated_j.mid for a, b in pairs]),
        np.array([a.measurement.joules_per_token / b.measurement.joules_per_token for a, b in pairs]),
    )


def _comparable(first: Measurement, second: Measurement) -> bool:
    return first.gpu == second.gpu and first.model != second.model


def table(validation: Validation) -> str:
    """The whole validation as plain text."""
    blocks = (
        _accuracy_block(validation),
        _range_block(validation),
        _ratio_block(validation),
        _refit_block(validation),
    )
    return "\n\n".join("\n".join(lines) for lines in blocks)


def _accuracy_block(validation: Validation) -> list[str]:
    gpus = " and ".join(validation.gpus)
    named = [(report.method.name, report.accuracy) for report in validation.reports]
    return [
        f"{validation.model_count} models on {gpus}; energy of the cards; batch {BATCH.value}",
        f"{'':32}{'runs':>6}{'median':>9}{'90th pct':>10}{'within x2':>11}{'rank corr.':>12}",
        *(_accuracy_line(name, found) for name, found in named),
        _accuracy_line("physical-2026, family left out", validation.refit.accuracy),
    ]


def _accuracy_line(name: str, found: Accuracy) -> str:
    return (
        f"{name:32}{found.count:6}{_times(found.median_factor):>9}{_times(found.p90_factor):>10}"
        f"{found.within_2_share:>11.1%}{found.rank_correlation:>12.3f}"
    )


def _range_block(validation: Validation) -> list[str]:
    lowest, highest = WIDER_BATCHES
    return [
        f"{'':32}{'runs':>6}   inside the shown range, batch {lowest} to {highest}",
        *(
            f"{report.method.name:32}{report.shown_range.count:6}   {report.shown_range.inside_share:.1%}"
            for report in validation.reports
        ),
    ]


def _ratio_block(validation: Validation) -> list[str]:
    heading = "ratio of two models, same card"
    return [
        f"{heading:32}{'pairs':>6}{'median':>9}{'within x2':>11}{'told apart':>12}{'right order':>13}",
        *(_ratio_line(report.method.name, report.ratio) for report in validation.reports),
    ]


def _ratio_line(name: str, found: RatioCheck) -> str:
    return (
        f"{name:32}{found.count:6}{_times(found.median_factor):>9}{found.within_2_share:>11.1%}"
        f"{found.distinct_count:>12}{found.right_order_share:>13.1%}"
    )


def _refit_block(validation: Validation) -> list[str]:
    return [
        f"joules per card and token, in use {GPU_J.value:.3f}; fitted without the family:",
        *(f"  {family:30}{gpu_j:6.3f}" for family, gpu_j in validation.refit.gpu_j_without),
    ]


def _times(factor: float) -> str:
    return f"x{factor:.2f}"


if __name__ == "__main__":
    print(table(validate()))
