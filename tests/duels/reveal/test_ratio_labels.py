"""Factors, shares and headlines in French words."""

import pytest

from duels.reveal.ratio_labels import format_2_digits, format_factor, headline, headline_note
from science.energy import Architecture, ModelShape, estimate, ratio


def dense(params_b: float, tokens: int = 300):
    return estimate(ModelShape(Architecture.DENSE, params_b), tokens)


@pytest.mark.parametrize(
    ("value", "said"),
    [(2.0, "2"), (2.04, "2"), (0.0456, "0,046"), (11.3, "11"), (1234.0, "1\u00a0200"), (0, "0")],
)
def test_a_number_has_two_significant_digits_and_no_useless_zero(value: float, said: str) -> None:
    assert format_2_digits(value) == said


@pytest.mark.parametrize(
    ("factor", "said"),
    [(3.44, "×\u00a03,4"), (0.5, "÷\u00a02"), (1.0, "sans effet"), (1.04, "sans effet"), (0.1, "÷\u00a010")],
)
def test_the_effect_of_a_factor_is_a_multiplication_or_a_division(factor: float, said: str) -> None:
    assert format_factor(factor) == said


def test_the_headline_names_the_hungrier_side_whichever_it_is() -> None:
    large, small = dense(70.6), dense(7)
    assert headline(ratio(large, small)) == "A a demandé environ 7,2\u00a0fois plus d’énergie que B"
    assert headline(ratio(small, large)) == "B a demandé environ 7,2\u00a0fois plus d’énergie que A"


def test_below_twice_as_much_no_side_is_named() -> None:
    close = ratio(dense(8), dense(7))
    assert headline(close) == "A et B ont demandé une énergie du même ordre"
    assert headline_note(close) == (
        "À machine et charge égales, l’écart est trop petit pour désigner la plus gourmande."
    )


def test_a_wide_hypothesis_says_that_the_order_may_turn() -> None:
    secret = ModelShape(Architecture.UNDISCLOSED, None, total_range_b=(20, 600))
    assert "peut-être même l’inverse" in headline_note(ratio(estimate(secret, 300), dense(20)))


def test_without_a_second_answer_nothing_is_compared() -> None:
    assert headline(None) == "Une seule réponse\u00a0: rien à comparer"
    assert headline_note(None) == ""
