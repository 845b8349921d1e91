"""Why answers are liked: as it was said before anybody knew who had written them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from duels.models import Answer, Duel, Reaction, Vote, VoteComment
from duels.votes.voting import set_reaction
from leaderboard.ballots.collect import collect
from leaderboard.ranking.reasons import reasons_by_model
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def duel(db: None) -> Duel:
    """Its answer a was found clear, long ago."""
    duel = cast.make_duel(cast.petit_3b(), cast.grand_70b())
    set_reaction(Answer.objects.get(side="a"), "like", ["clear"])
    Reaction.objects.update(created_at=timezone.now() - timedelta(hours=1))
    return duel


def test_a_reaction_given_before_the_vote_counts(duel: Duel) -> None:
    cast.vote(duel)
    collect()
    assert reasons_by_model() == {Answer.objects.get(side="a").model_id: {"clear": 1}}


@pytest.mark.parametrize("side", ["a", "b"])
def test_what_is_said_once_the_models_are_known_does_not_count(duel: Duel, side: str) -> None:
    cast.vote(duel)
    set_reaction(Answer.objects.get(side=side), "like", ["useful"])
    collect()
    assert all("useful" not in reasons for reasons in reasons_by_model().values())


def test_reasons_given_with_the_vote_count(duel: Duel) -> None:
    Reaction.objects.all().delete()
    vote = Vote.objects.create(duel=duel, choice="b")
    VoteComment.objects.create(vote=vote, side="b", reasons=["complete"])
    collect()
    assert reasons_by_model() == {Answer.objects.get(side="b").model_id: {"complete": 1}}
