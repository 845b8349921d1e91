"""The formula worked out equals the estimate."""

import pytest

from learn.method.formula import formula_steps
from science.energy import Architecture, Estimate, ModelShape, estimate
from web.formatting import watt_hours

LLAMA = estimate(ModelShape(Architecture.DENSE, 70.6), 400)
MIXTRAL = estimate(
    ModelShape(Architecture.MIXTURE_OF_EXPERTS, 46.7, 12.9, experts_total=8, experts_active=2), 1000
)
LONG = estimate(ModelShape(Architecture.DENSE, 8), 2000, tokens_in=3000)


@pytest.mark.parametrize("answer", [LLAMA, MIXTRAL, LONG], ids=["dense", "mixture", "long"])
def test_the_worked_formula_ends_at_the_estimate(answer: Estimate) -> None:
    assert formula_steps(answer)[-1].worked.endswith(f"≈ {watt_hours(answer.mid_wh)}")


def test_each_line_of_the_formula_is_computed() -> None:
    assert [step.worked for step in formula_steps(LLAMA)] == [
        "1,2 × 70,6 × 16 ÷ 8 ÷ 80 → 4",
        "0,42 × 70,6 × (16 ÷ 16) ÷ 64 ≈ 0,46 J",
        "0,0025 × 70,6 ≈ 0,18 J",
        "0,057 × 4 ≈ 0,23 J",
        "0,01 × 8,4 × 0 ÷ 1\xa0000 ≈ 0 J",
        "0,0025 × 70,6 × 0 ≈ 0 J",
        "(400 × 0,87 + 0) × 1,7 ÷ 3\xa0600 ≈ 0,16\xa0Wh",
    ]


def test_what_was_read_and_a_long_context_have_their_lines() -> None:
    worked = [step.worked for step in formula_steps(LONG)]
    assert worked[4] == "0,01 × 2,8 × 3\xa0500 ÷ 1\xa0000 ≈ 0,099 J"
    assert worked[5] == "0,0025 × 8 × 3\xa0000 ≈ 60 J"
