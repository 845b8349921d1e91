"""The method page: the formula worked out equals the estimate; the plot is the measurements."""

import pytest
from django.test import Client
from django.urls import reverse

from learn import method_page
from models_registry.pages.labels import method_name
from science.energy import METHODS, Architecture, ModelShape, estimate
from science.energy.evaluation import validate
from web.formatting import watt_hours

LLAMA = estimate(ModelShape(Architecture.DENSE, 70.6), 400)
MIXTRAL = estimate(ModelShape(Architecture.MIXTURE_OF_EXPERTS, 46.7, 12.9), 1000)


@pytest.mark.parametrize("answer", [LLAMA, MIXTRAL], ids=["dense", "mixture"])
def test_the_worked_formula_ends_at_the_estimate(answer: object) -> None:
    steps = method_page.formula_steps(answer)  # type: ignore[arg-type]
    assert steps[-1].worked.endswith(f"≈ {watt_hours(answer.mid_wh)}")  # type: ignore[attr-defined]


def test_each_line_of_the_formula_is_computed() -> None:
    assert [step.worked for step in method_page.formula_steps(LLAMA)] == [
        "1,2 × 70,6 × 16 ÷ 8 ÷ 80 → 4",
        "0,42 × 70,6 × (16 ÷ 16) ÷ 64 ≈ 0,46 J",
        "0,0025 × 70,6 ≈ 0,18 J",
        "0,05 × 4 = 0,20 J",
        "400 × 0,84 × 1,7 ÷ 3\xa0600 ≈ 0,16\xa0Wh",
    ]


def test_the_plot_has_every_measured_run_inside_its_frame() -> None:
    plot = method_page.accuracy_plot()
    assert len(plot.runs) == len(validate().reports[0].points)
    for run in plot.runs:
        assert 0 <= run.x_percent <= 100
        assert all(0 <= y <= 100 for y in run.y_percents)
        assert len(run.estimated) == len(METHODS)


def test_points_near_the_diagonal_are_good_estimates() -> None:
    """A point inside the band is within a factor of two, and the other way round."""
    band = method_page.accuracy_plot().band[0]
    inside = [
        abs(100 - run.y_percents[0] - run.x_percent) <= band for run in method_page.accuracy_plot().runs
    ]
    report = validate().report("physical-2026")
    assert sum(inside) / len(inside) == pytest.approx(report.accuracy.within_2_share, abs=0.03)


def test_the_page_carries_the_proof_the_constants_and_the_limits(registry: None, client: Client) -> None:
    body = client.get(reverse("learn:method")).content.decode()
    for method in METHODS.values():
        assert all(constant.source in body for constant in method.constants)
        assert all(limit.fr in body for limit in method.limits)
        assert method_name(method.name) in body and method.version in body


def test_the_example_can_be_another_model(registry: None, client: Client) -> None:
    body = client.get(reverse("learn:method"), {"model": "deepseek-v3", "tokens": "1000"}).content.decode()
    assert "DeepSeek V3" in body and "1\xa0000 ×" in body
