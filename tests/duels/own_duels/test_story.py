"""Story of a visitor's duels: none, one, many."""

import pytest

from duels.models import Guess, SecondVote, Vote
from duels.own_duels.story import tell_story, voted_duels, wilson_interval
from tests import cast

pytestmark = pytest.mark.django_db


def test_without_a_vote_there_is_no_story() -> None:
    cast.make_duel(cast.petit_3b(), cast.grand_70b())
    assert tell_story(voted_duels(cast.A_VISITOR)) is None


def test_one_duel_tells_the_choice_its_energy_and_its_bet() -> None:
    duel = cast.make_duel(cast.petit_3b(), cast.grand_70b())
    cast.vote(duel, Vote.Choice.B)
    SecondVote.objects.create(duel=duel, choice=SecondVote.Choice.A)
    Guess.objects.create(duel=duel, side="b", factor=Guess.Factor.TEN)
    story = tell_story(voted_duels(cast.A_VISITOR))
    assert story and story.voted == 1
    assert (story.blind.frugal, story.blind.total) == (0, 1)
    assert (story.informed.frugal, story.informed.total) == (1, 1)
    assert story.bets.placed == 1 and story.preferred_label != story.frugal_label
    assert [(one.name, one.wins, one.duels) for one in story.ranking] == [
        ("Grand-70B", 1, 1),
        ("Petit-3B", 0, 1),
    ]
    assert {one.verdict for one in story.ranking} == {"trop peu de duels pour conclure"}


def test_many_duels_of_one_visitor_tell_a_preference_beyond_chance() -> None:
    small, large = cast.petit_3b(), cast.grand_70b()
    for _ in range(6):
        cast.vote(cast.make_duel(small, large))
    cast.vote(cast.make_duel(large, small, visitor="other"))
    cast.vote(cast.make_duel(small, large), Vote.Choice.BOTH_BAD)
    story = tell_story(voted_duels(cast.A_VISITOR))
    assert story and (story.voted, story.blind.frugal, story.blind.total) == (7, 6, 6)
    assert story.preferred_label == story.frugal_label
    assert story.ranking[0].verdict == "vous le préférez, au-delà du hasard"


def test_the_interval_of_a_share_is_that_of_wilson() -> None:
    assert wilson_interval(5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    assert wilson_interval(0, 1)[1] == pytest.approx(0.7935, abs=1e-4)
