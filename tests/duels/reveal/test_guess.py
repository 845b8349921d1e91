"""A guess is scored kindly, and rightly."""

import pytest

from duels.models import Guess
from duels.reveal.guess import guess_sentence
from science.energy import Architecture, ModelShape, Ratio, estimate, ratio

EQUAL = ("", 1)


def a_over_b(factor: float) -> Ratio:
    """A ratio between two answers of one model, one of them longer."""
    shape = ModelShape(Architecture.DENSE, 8)
    return ratio(estimate(shape, 100 * factor), estimate(shape, 100))


@pytest.mark.parametrize(
    ("guess", "factor", "verdict"),
    [
        (("a", 10), 11, "bien vu."),
        (("a", 2), 2.4, "bien vu."),
        (("b", 50), 1 / 200, "bien vu."),
        (("a", 2), 11, "le bon côté, et l’écart est encore plus grand."),
        (("a", 50), 11, "le bon côté, avec un écart plus petit."),
        (("b", 10), 11, "c’est l’inverse, et cela ne se devine pas à la lecture."),
        (EQUAL, 11, "l’écart est plus grand qu’il n’y paraît."),
        (EQUAL, 1.2, "bien vu, l’écart est faible."),
        (("b", 2), 1.2, "bien vu, l’écart est faible."),
        (
            ("b", 50),
            1.2,
            "l’écart est plus faible que cela, et personne ne peut dire de quel côté il penche.",
        ),
    ],
)
def test_a_guess_is_told_how_close_it_came(guess: tuple[str, int], factor: float, verdict: str) -> None:
    side, times = guess
    assert guess_sentence(Guess(side=side, factor=times), a_over_b(factor)).endswith(f"\u00a0: {verdict}")


def test_the_guess_is_said_again() -> None:
    sentence = guess_sentence(Guess(side="a", factor=10), a_over_b(11))
    assert sentence == "Vous aviez parié sur A, 10 fois plus\u00a0: bien vu."
    assert "sur autant d’énergie des deux côtés" in guess_sentence(Guess(side="", factor=1), a_over_b(1))


def test_a_guess_on_a_single_answer_is_not_judged() -> None:
    assert guess_sentence(Guess(side="a", factor=2), None).endswith("il n’y a rien à comparer.")
