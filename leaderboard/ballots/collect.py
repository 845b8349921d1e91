"""Create the ballots of our own duels, each once."""

from collections.abc import Collection, Iterable, Iterator
from datetime import timedelta
from itertools import islice

from django.db import transaction
from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from duels.models import Answer, Duel, Vote
from duels.votes.vote_counting import VOTING_PERIOD
from leaderboard.ballots.ballot import build_ballot
from leaderboard.ballots.set_aside import apply_set_asides
from leaderboard.models import Ballot, Exclusion

MAX_VOTES_PER_VOTER = 200  # design decision: beyond, one person would weigh too much
DECISION_TIMEOUT = timedelta(minutes=1)  # of a vote: whether it counts is stored just after it
BATCH_SIZE = 500  # duels whose texts are in memory together: a few megabytes

WITH_ANSWERS = Prefetch(
    "turns__answers", Answer.objects.select_related("reaction", "model__organisation").order_by("side")
)


@transaction.atomic
def collect() -> int:
    """Create the missing ballots; returns how many duels were read.

    Votes never change, so each is read once. Reactions may still be deleted: their ballots are created again.
    """
    Ballot.objects.filter(from_reactions=True).delete()
    missing = Duel.objects.filter(_has_result(), ballot=None, in_open_data=True)
    n_duels = create_ballots(missing.order_by("pk").distinct())
    apply_set_asides()
    limit_voters()
    return n_duels


def _has_result() -> Q:
    """A vote that has been decided upon, or reactions to a duel whose vote would not count any more.

    Before, the ballot of a reaction would show in the figures of everybody which model is on which side.
    """
    now = timezone.now()
    undecided = Q(vote__uncounted=Vote.Uncounted.UNCHECKED, vote__created_at__gt=now - DECISION_TIMEOUT)
    has_vote = Q(vote__isnull=False) & ~undecided
    return has_vote | Q(vote=None, turns__answers__reaction__isnull=False, created_at__lt=now - VOTING_PERIOD)


@transaction.atomic
def rebuild_ballots() -> int:
    """Delete and create all our ballots: for a change of the self-identification patterns or of a rule.

    Ballots whose duel is deleted stay as they are, since nothing is left to build them from.
    """
    Ballot.objects.filter(source=None).exclude(duel=None).delete()
    return collect()


def create_ballots(duels: QuerySet[Duel]) -> int:
    """Create the ballots of these duels, locked until the commit; returns how many duels there were."""
    all_keys = list(duels.values_list("pk", flat=True))
    for keys in _batches(all_keys, BATCH_SIZE):
        # A duel that another transaction is deleting is waited for, and is then no longer there.
        locked = Duel.objects.filter(pk__in=keys).select_for_update(of=("self",), no_key=True)
        batch = locked.select_related("vote").prefetch_related("turns", WITH_ANSWERS)
        # Two collections at once find the same duels: the second keeps the ballots of the first.
        Ballot.objects.bulk_create([build_ballot(duel) for duel in batch], ignore_conflicts=True)
    return len(all_keys)


def limit_voters(voters: Collection[int] | None = None) -> None:
    """Exclude the ballots of each voter beyond the first MAX_VOTES_PER_VOTER that may count.

    voters: those to check; by default all.
    """
    countable = Ballot.objects.filter(source=None, excluded_reason__in=("", Exclusion.OVER_LIMIT))
    if voters is not None:
        countable = countable.filter(voter__in=voters)
    heavy = countable.values("voter").annotate(ballots=Count("pk")).filter(ballots__gt=MAX_VOTES_PER_VOTER)
    for voter in list(heavy.values_list("voter", flat=True)):
        in_order = list(countable.filter(voter=voter).order_by("cast_at", "pk").values_list("pk", flat=True))
        _set_excluded_reason(in_order[:MAX_VOTES_PER_VOTER], "")
        _set_excluded_reason(in_order[MAX_VOTES_PER_VOTER:], Exclusion.OVER_LIMIT)


def _set_excluded_reason(keys: list[int], reason: str) -> None:
    for batch in _batches(keys, BATCH_SIZE):
        Ballot.objects.filter(pk__in=batch).exclude(excluded_reason=reason).update(excluded_reason=reason)


def _batches(keys: Iterable[int], size: int) -> Iterator[list[int]]:
    remaining = iter(keys)
    while batch := list(islice(remaining, size)):
        yield batch
