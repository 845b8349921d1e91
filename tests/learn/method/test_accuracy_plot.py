"""The plot is the measurements."""

import pytest

from learn.method import accuracy_plot
from science.energy import DEFAULT_METHOD
from science.energy.evaluation import validate


def test_the_plot_has_every_measured_run_inside_its_frame() -> None:
    plot = accuracy_plot.accuracy_plot()
    assert len(plot.runs) == len(validate().reports[0].points)
    for run in plot.runs:
        assert 0 <= run.x_percent <= 100
        assert all(0 <= y <= 100 for y in run.y_percents)
        assert len(run.estimated) == 2


def test_the_plot_is_of_the_method_in_use_and_of_ecologits() -> None:
    names = [report.method.name for report in accuracy_plot.plotted_reports()]
    assert names == [DEFAULT_METHOD, "ecologits-0.11.3"]


def test_points_near_the_diagonal_are_good_estimates() -> None:
    """A point inside the band is within a factor of two, and the other way round."""
    plot = accuracy_plot.accuracy_plot()
    inside = [abs(100 - run.y_percents[0] - run.x_percent) <= plot.band[0] for run in plot.runs]
    report = validate().report(DEFAULT_METHOD)
    assert sum(inside) / len(inside) == pytest.approx(report.accuracy.within_2_share, abs=0.03)
