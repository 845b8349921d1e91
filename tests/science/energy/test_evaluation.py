import subprocess
import sys

import pytest

from science.energy.constants import GPU_J, RATIO_SPREAD
from science.energy.evaluation import fit_gpu_j, table, validate
from science.energy.measurements import read_measurements

# The floors of the method in use: below them, its figures may not be shown.
MEDIAN_FACTOR = 1.25
WITHIN_2_SHARE = 0.95
INSIDE_RANGE_SHARE = 0.95


def test_physical_2026_holds_on_families_it_was_not_fitted_on() -> None:
    refit = validate().refit
    assert refit.accuracy.median_factor <= MEDIAN_FACTOR
    assert refit.accuracy.within_2_share >= WITHIN_2_SHARE


def test_physical_2026_holds_as_it_is_shown() -> None:
    report = validate().report("physical-2026")
    assert report.accuracy.median_factor <= MEDIAN_FACTOR
    assert report.accuracy.within_2_share >= WITHIN_2_SHARE
    assert report.shown_range.inside_share >= INSIDE_RANGE_SHARE


def test_the_range_of_a_ratio_covers_the_measured_pairs() -> None:
    assert RATIO_SPREAD.value == 2  # within_2_share is then the coverage of the range
    assert validate().report("physical-2026").ratio.within_2_share >= INSIDE_RANGE_SHARE


def test_pairs_told_apart_were_measured_in_that_order() -> None:
    assert validate().report("physical-2026").ratio.right_order_share >= 0.99


def test_the_fitted_constant_is_found_again() -> None:
    at_64 = [run for run in read_measurements() if run.batch == 64]
    assert fit_gpu_j(at_64) == pytest.approx(GPU_J.value, abs=0.0005)


def test_the_limits_that_are_said_are_those_that_were_measured() -> None:
    points = validate().report("physical-2026").points
    worst = {
        bits: max(max(p.factor, 1 / p.factor) for p in points if p.measurement.weight_bits == bits)
        for bits in (8, 16)
    }
    assert worst[8] > worst[16]
    assert all(point.factor < 1 for point in points if point.measurement.architecture == "hybrid")


def test_all_methods_are_judged_on_the_same_runs() -> None:
    ours, *others = validate().reports
    for other in others:
        assert [point.measurement for point in ours.points] == [point.measurement for point in other.points]
        assert ours.shown_range.count == other.shown_range.count


def test_each_family_is_left_out_once() -> None:
    assert {family for family, _ in validate().refit.gpu_j_without} == {
        run.family for run in read_measurements()
    }


def test_the_command_prints_the_table() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "science.energy.evaluation"], capture_output=True, text=True, check=True
    )
    assert printed.stdout.strip() == table(validate())
    assert "physical-2026, family left out" in printed.stdout
