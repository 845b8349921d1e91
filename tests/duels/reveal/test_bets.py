"""A bet is won, nearly won or lost, and a visitor's bets are counted."""

import pytest
from django.test import Client

from duels.models import Guess
from duels.own_duels.story import tell_story, voted_duels
from duels.reveal.bets import BetOutcome, BetTally, bet_outcome, bet_sentence, bet_tally
from science.energy import Architecture, ModelShape, Ratio, estimate, ratio
from tests import cast
from tests.duels.reveal.stage import revealed_duel

EQUAL = ("", 1)


def a_over_b(factor: float) -> Ratio:
    """A ratio between two answers of one model, one of them longer."""
    shape = ModelShape(Architecture.DENSE, 8)
    return ratio(estimate(shape, 100 * factor), estimate(shape, 100))


@pytest.mark.parametrize(
    ("bet", "factor", "outcome", "sentence"),
    [
        (("a", 10), 11, BetOutcome.WON, "Pari gagné\u00a0! Vous aviez dit\u00a0: A, 10 fois plus."),
        (("a", 0), 11, BetOutcome.WON, "Pari gagné\u00a0! Vous aviez dit\u00a0: A."),
        (("a", 2), 2.4, BetOutcome.WON, ""),
        (("b", 100), 1 / 200, BetOutcome.WON, ""),
        (("b", 1000), 1 / 1_400, BetOutcome.WON, "B, 1\u00a0000 fois plus."),
        (("a", 2), 11, BetOutcome.NEARLY, "L’écart est encore plus grand."),
        (("a", 50), 11, BetOutcome.NEARLY, "L’écart est plus petit."),  # 50 was once on offer
        (("b", 10), 11, BetOutcome.LOST, "C’est l’inverse"),
        (EQUAL, 11, BetOutcome.LOST, "l’écart est plus grand qu’il n’y paraît."),
        (EQUAL, 1.2, BetOutcome.WON, "à peu près autant d’énergie des deux côtés."),
        (("b", 2), 1.2, BetOutcome.NEARLY, "l’écart est plus faible encore."),
        (("b", 100), 1.2, BetOutcome.LOST, "l’écart est bien plus faible."),
    ],
)
def test_a_bet_is_won_by_its_side_and_the_nearest_factor(
    bet: tuple[str, int], factor: float, outcome: BetOutcome, sentence: str
) -> None:
    guess = Guess(side=bet[0], factor=bet[1])
    assert bet_outcome(guess, a_over_b(factor)) is outcome
    assert sentence in bet_sentence(guess, a_over_b(factor))


def test_a_bet_on_a_single_answer_is_not_judged() -> None:
    assert bet_outcome(Guess(side="a", factor=2), None) is BetOutcome.VOID
    assert bet_sentence(Guess(side="a", factor=2), None).endswith("il n’y a rien à comparer.")


@pytest.mark.django_db
def test_the_bets_of_a_visitor_are_counted(client: Client) -> None:
    grand, petit = cast.grand_70b(), cast.petit_3b()
    for side, factor in (("a", 0), ("a", 1000), ("b", 10), ("", 0)):
        duel = revealed_duel(client, grand, petit)
        if side:
            Guess.objects.create(duel=duel, side=side, factor=factor)
    void = revealed_duel(client, grand, petit, tokens=(0, 268))
    Guess.objects.create(duel=void, side="a", factor=2)
    story = tell_story(voted_duels(void.visitor))
    assert story and story.bets == BetTally(placed=3, won=1, nearly=1)
    assert tell_story(voted_duels("somebody else")) is None
    assert bet_tally([]) == BetTally(0, 0, 0)
