"""Votes outlive their duels, and lead to nobody."""

from collections import Counter
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from duels import deletion
from duels.models import Answer, Duel, Reaction, Vote
from leaderboard.ballots import collect as collection
from leaderboard.ballots.ballot import voter_id
from leaderboard.ballots.collect import collect, rebuild_ballots
from leaderboard.models import OWN_SCOPE, Ballot, Exclusion
from leaderboard.ranking.publish import compute_due, count_outcomes
from models_registry.models import LanguageModel
from tests import cast

pytestmark = pytest.mark.django_db
Pair = tuple[LanguageModel, LanguageModel]
ANOTHER_VISITOR = "2e" * 32


@pytest.fixture
def pair() -> Pair:
    return cast.petit_3b(), cast.grand_70b()


def voted_duel(pair: Pair, visitor: str = cast.A_VISITOR) -> Duel:
    duel = cast.make_duel(*pair, visitor=visitor)
    cast.vote(duel, Vote.Choice.B)
    return duel


def delete_all() -> None:
    deletion.delete(Duel.objects.all())


def test_a_vote_counts_as_before_once_its_duel_is_gone(pair: Pair) -> None:
    voted_duel(pair)
    collect()
    before = count_outcomes(OWN_SCOPE)
    facts = Ballot.objects.values("first", "second", "outcome", "first_on_a", "length_difference").get()
    delete_all()
    collect()
    assert count_outcomes(OWN_SCOPE) == before
    assert Ballot.objects.values(*facts).get() == facts
    assert compute_due()[0].n_votes == 1


def test_nothing_of_it_leads_to_the_voter_or_to_the_hour(pair: Pair) -> None:
    duel = voted_duel(pair)
    delete_all()
    ballot = Ballot.objects.get()
    assert ballot.duel is None
    assert ballot.voter != voter_id(duel.visitor)
    assert ballot.cast_at is not None
    assert (ballot.cast_at.hour, ballot.cast_at.minute, ballot.cast_at.microsecond) == (0, 0, 0)


def test_a_vote_that_was_not_collected_yet_stays_as_well(pair: Pair) -> None:
    duel = cast.make_duel(*pair)
    Reaction.objects.create(answer=Answer.objects.get(side="a"), liking=Reaction.Liking.LIKE)
    collect()
    cast.vote(duel, Vote.Choice.BOTH_BAD)
    delete_all()
    assert Ballot.objects.get().outcome == Ballot.Outcome.BOTH_BAD
    assert not Ballot.objects.get().from_reactions


def test_a_duel_that_nobody_voted_on_leaves_nothing(pair: Pair) -> None:
    cast.make_duel(*pair)
    Reaction.objects.create(answer=Answer.objects.get(side="a"), liking=Reaction.Liking.LIKE)
    collect()
    delete_all()
    assert not Ballot.objects.exists()


def test_votes_of_one_stay_votes_of_one(pair: Pair) -> None:
    for visitor in (cast.A_VISITOR, cast.A_VISITOR, ANOTHER_VISITOR):
        voted_duel(pair, visitor)
    delete_all()
    votes_by_voter = Counter(Ballot.objects.values_list("voter", flat=True))
    assert sorted(votes_by_voter.values()) == [1, 2]


@pytest.fixture
def five_votes_of_one(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """On duels that go two at a time."""
    monkeypatch.setattr(deletion, "BATCH_SIZE", 2)
    for _ in range(5):
        voted_duel(pair)


@pytest.mark.usefixtures("five_votes_of_one")
def test_votes_of_one_stay_votes_of_one_and_within_the_limit_however_many_go_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(collection, "MAX_VOTES_PER_VOTER", 3)
    delete_all()
    collect()
    assert Ballot.objects.values("voter").distinct().count() == 1
    assert count_outcomes(OWN_SCOPE) == ({"second": 3}, {Exclusion.OVER_LIMIT: 2})


@pytest.mark.usefixtures("five_votes_of_one")
def test_votes_of_one_that_grow_old_together_stay_votes_of_one() -> None:
    deletion.delete_expired(timezone.now() + timedelta(days=settings.KEEP_DUELS_DAYS + 1))
    assert Ballot.objects.values("voter").distinct().count() == 1


def test_a_vote_beyond_the_limit_that_goes_alone_and_uncollected_does_not_count(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collection, "MAX_VOTES_PER_VOTER", 3)
    for _ in range(4):
        voted_duel(pair)
    collect()
    last = voted_duel(pair)
    deletion.delete(Duel.objects.filter(pk=last.pk))
    collect()
    assert Ballot.objects.get(duel=None).excluded_reason == Exclusion.OVER_LIMIT


def test_what_did_not_count_does_not_begin_to(pair: Pair) -> None:
    duel = voted_duel(pair)
    Duel.objects.filter(pk=duel.pk).update(mode=Duel.Mode.CHOSEN)
    delete_all()
    assert Ballot.objects.get().excluded_reason == Exclusion.NOT_BLIND


def test_counting_again_from_the_beginning_keeps_them(pair: Pair) -> None:
    voted_duel(pair)
    delete_all()
    voted_duel(pair, ANOTHER_VISITOR)
    rebuild_ballots()
    assert Ballot.objects.count() == 2
