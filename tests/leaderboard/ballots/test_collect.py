"""Ballots follow the duels: each vote once, reactions as they are now, no more than 200 of one person."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from duels.models import Answer, Duel, Reaction, Vote
from duels.votes.vote_counting import VOTING_PERIOD, Voter
from duels.votes.voting import cast_vote
from leaderboard.ballots import collect as collection
from leaderboard.ballots.collect import MAX_VOTES_PER_VOTER, collect, limit_voters, rebuild_ballots
from leaderboard.models import Ballot, Exclusion
from leaderboard.ranking.answer_lengths import median_tokens
from leaderboard.ranking.reasons import reasons_by_model
from models_registry.models import LanguageModel
from tests import cast
from tests.leaderboard import sample_ballots as ballots

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair() -> tuple[LanguageModel, LanguageModel]:
    return cast.petit_3b(), cast.grand_70b()


def voted_duel(pair: tuple[LanguageModel, LanguageModel], choice: Vote.Choice = Vote.Choice.A) -> Duel:
    duel = cast.make_duel(*pair)
    cast.vote(duel, choice)
    return duel


def test_a_duel_gives_one_ballot_however_often_it_is_collected(
    pair: tuple[LanguageModel, LanguageModel],
) -> None:
    voted_duel(pair)
    assert collect() == 1
    assert collect() == 0
    assert Ballot.objects.count() == 1


def test_a_duel_without_vote_or_reaction_gives_none(pair: tuple[LanguageModel, LanguageModel]) -> None:
    cast.make_duel(*pair)
    assert collect() == 0


def test_reactions_count_once_the_vote_would_not_and_while_nobody_votes(
    pair: tuple[LanguageModel, LanguageModel],
) -> None:
    duel = cast.make_duel(*pair)
    reaction = Reaction.objects.create(answer=Answer.objects.get(side="a"), liking=Reaction.Liking.LIKE)
    collect()
    assert not Ballot.objects.exists()  # the leaderboard would tell which model is on side a
    assert median_tokens() == {} == reasons_by_model()
    move_back(VOTING_PERIOD + timedelta(minutes=1))
    collect()
    ballot = Ballot.objects.get()
    assert (ballot.outcome, ballot.from_reactions) == (Ballot.Outcome.FIRST, True)
    reaction.delete()
    collect()
    assert not Ballot.objects.exists()
    Reaction.objects.create(answer=Answer.objects.get(side="a"), liking=Reaction.Liking.LIKE)
    collect()
    assert Ballot.objects.get().outcome == Ballot.Outcome.TIE  # said too late: it may follow the leaderboard
    duel.refresh_from_db()
    cast_vote(duel, Vote.Choice.B, voter=Voter(duel.visitor, "address"))
    collect()
    assert Ballot.objects.get().excluded_reason == Vote.Uncounted.LATE


def move_back(period: timedelta) -> None:
    """As if all had happened so much earlier."""
    Duel.objects.update(created_at=F("created_at") - period)
    Reaction.objects.update(changed_at=F("changed_at") - period)


def test_a_rule_that_changes_is_applied_to_all(
    pair: tuple[LanguageModel, LanguageModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    voted_duel(pair)
    collect()
    Duel.objects.update(mode=Duel.Mode.CHOSEN)
    collect()
    assert Ballot.objects.get().excluded_reason == ""
    rebuild_ballots()
    assert Ballot.objects.get().excluded_reason == Exclusion.NOT_BLIND


def test_a_duel_that_is_deleted_takes_its_ballot_along(pair: tuple[LanguageModel, LanguageModel]) -> None:
    duel = voted_duel(pair)
    collect()
    duel.delete()
    assert not Ballot.objects.exists()


def test_of_one_person_the_first_votes_count(pair: tuple[LanguageModel, LanguageModel]) -> None:
    start = timezone.now()
    for number, key in enumerate(ballots.add_ballots(*pair, {ballots.FIRST: MAX_VOTES_PER_VOTER + 3})):
        Ballot.objects.filter(pk=key).update(voter=5, cast_at=start - timedelta(minutes=number))
    ballots.add_ballots(*pair, {ballots.TIE: 4})
    limit_voters()
    over = Ballot.objects.filter(excluded_reason=Exclusion.OVER_LIMIT)
    assert over.count() == 3
    assert max(over.values_list("cast_at", flat=True)) == start
    Ballot.objects.filter(excluded_reason="", voter=5).first().delete()
    limit_voters()
    assert Ballot.objects.filter(excluded_reason=Exclusion.OVER_LIMIT).count() == 2


def test_queries_grow_with_portions_and_not_with_duels(
    pair: tuple[LanguageModel, LanguageModel],
    django_assert_max_num_queries: DjangoAssertNumQueries,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(collection, "BATCH_SIZE", 10)
    for _ in range(20):
        voted_duel(pair)
    with django_assert_max_num_queries(16):
        assert collect() == 20
