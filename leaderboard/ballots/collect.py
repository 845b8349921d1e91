"""Brings the results of our own duels among the ballots; what was brought once is not read again."""

from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from django.db import transaction
from django.db.models import Count, Prefetch, Q, QuerySet

from duels.models import Answer, Duel
from leaderboard.ballots.ballot import build_ballot
from leaderboard.models import Ballot, Exclusion

MAX_VOTES_PER_VOTER = 200  # design decision: beyond, one person would weigh too much
BATCH_SIZE = 500  # their texts are in memory together: a few megabytes

WITH_ANSWERS = Prefetch(
    "turns__answers", Answer.objects.select_related("reaction", "model__organisation").order_by("side")
)


@transaction.atomic
def collect() -> int:
    """Every result of our duels is a ballot; returns how many were read.

    Votes never change, so each is read once. Reactions do: ballots made of them are made again.
    """
    Ballot.objects.filter(from_reactions=True).delete()
    new = create_ballots(_uncollected())
    limit_voters()
    return new


def create_ballots(duels: QuerySet[Duel]) -> int:
    """The results of these duels become ballots, locked until the commit; returns how many were read."""
    new = list(duels.values_list("pk", flat=True))
    for keys in _batches(new, BATCH_SIZE):
        found = Duel.objects.filter(pk__in=keys).select_related("vote")
        # A duel that is being deleted is waited for, and then no longer there.
        kept = found.select_for_update(of=("self",), no_key=True)
        ballots = [build_ballot(duel) for duel in kept.prefetch_related("turns", WITH_ANSWERS)]
        # Two collections at once find the same duels: the second leaves the ballots of the first.
        Ballot.objects.bulk_create(ballots, ignore_conflicts=True)
    return len(new)


@transaction.atomic
def rebuild_ballots() -> int:
    """The same from the beginning: after the guard or a rule has changed.

    Ballots whose duel is deleted stay as they are: nothing is left to make them again.
    """
    Ballot.objects.filter(source=None).exclude(duel=None).delete()
    return collect()


def _uncollected() -> QuerySet[Duel]:
    """Duels with a vote or a reaction, without a ballot."""
    said = Q(vote__isnull=False) | Q(turns__answers__reaction__isnull=False)
    return Duel.objects.filter(said, ballot=None).order_by("pk").distinct()


def limit_voters(voters: Collection[int] | None = None) -> None:
    """Of each voter, or each of these, the first VOTES_PER_VOTER ballots that may count do, and no others."""
    countable = Ballot.objects.filter(source=None, excluded_reason__in=("", Exclusion.OVER_LIMIT))
    if voters is not None:
        countable = countable.filter(voter__in=voters)
    heavy = countable.values("voter").annotate(ballots=Count("pk")).filter(ballots__gt=MAX_VOTES_PER_VOTER)
    for voter in list(heavy.values_list("voter", flat=True)):
        in_order = list(countable.filter(voter=voter).order_by("cast_at", "pk").values_list("pk", flat=True))
        _set_excluded_reason(in_order[:MAX_VOTES_PER_VOTER], "")
        _set_excluded_reason(in_order[MAX_VOTES_PER_VOTER:], Exclusion.OVER_LIMIT)


def _set_excluded_reason(keys: list[int], reason: str) -> None:
    for portion in _batches(keys, BATCH_SIZE):
        Ballot.objects.filter(pk__in=portion).exclude(excluded_reason=reason).update(excluded_reason=reason)


def _batches(keys: Iterable[int], size: int) -> Iterator[list[int]]:
    remaining = iter(keys)
    while portion := list(islice(remaining, size)):
        yield portion
