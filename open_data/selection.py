"""Choose the duels to publish: those of months that are over, and in which enough people voted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Prefetch, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone

from duels.models import Answer, Duel
from leaderboard.models import OWN_SCOPE, Ballot
from open_data.models import PublishedDuel

# Design decision: a vote is one of a crowd's. Below either, the whole month waits.
MIN_VOTERS, MIN_VOTES = 20, 100
BATCH_SIZE = 500  # duels whose texts are in memory together: a few megabytes

WITH_ANSWERS = Prefetch(
    "turns__answers",
    Answer.objects.select_related("reaction", "model__organisation").order_by("side"),
)


@dataclass(frozen=True, slots=True)
class Months:
    """Months that are over, oldest first, as 2026-10: published, or held back for too few people."""

    published: tuple[str, ...]
    held_back: tuple[str, ...]


def publishable_ballots(now: datetime) -> QuerySet[Ballot]:
    """Votes of duels that are still there and open, cast before the current month."""
    month_start = timezone.localtime(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    own = Ballot.objects.in_scope(OWN_SCOPE).filter(from_reactions=False, cast_at__lt=month_start)
    return own.filter(duel__in_open_data=True, duel__vote__isnull=False).order_by()


def months(now: datetime) -> Months:
    grouped = publishable_ballots(now).values_list(TruncMonth("cast_at"))
    counts = grouped.annotate(Count("voter", distinct=True), Count("pk"))
    enough = {f"{month:%Y-%m}": voters >= MIN_VOTERS and n >= MIN_VOTES for month, voters, n in counts}
    return Months(
        published=tuple(sorted(month for month in enough if enough[month])),
        held_back=tuple(sorted(month for month in enough if not enough[month])),
    )


def register(month: str, now: datetime) -> list[int]:
    """Give each duel of a month its code; returns the keys of the published duels, in the order of codes."""
    first_day = datetime.strptime(month, "%Y-%m").replace(tzinfo=timezone.get_current_timezone())
    until = (first_day + timedelta(days=32)).replace(day=1)
    ballots = publishable_ballots(now).filter(cast_at__gte=first_day, cast_at__lt=until)
    duels = set(ballots.values_list("duel", flat=True))
    known = PublishedDuel.objects.filter(month=month, duel__isnull=False)
    new = sorted(duels - set(known.values_list("duel", flat=True)))
    rows = [PublishedDuel(duel_id=duel, month=month) for duel in new]
    PublishedDuel.objects.bulk_create(rows, batch_size=BATCH_SIZE, ignore_conflicts=True)
    in_order = known.order_by("code").values_list("pk", "duel")
    return [key for key, duel in in_order if duel in duels]


def load(keys: list[int]) -> Iterator[tuple[PublishedDuel, Duel]]:
    """The published duels of these keys, with all that is read of them, batch after batch."""
    for start in range(0, len(keys), BATCH_SIZE):
        batch = PublishedDuel.objects.filter(pk__in=keys[start : start + BATCH_SIZE], duel__isnull=False)
        published = list(batch.order_by("code"))
        with_all = Duel.objects.select_related("vote", "guess", "second_vote", "ballot")
        with_all = with_all.prefetch_related("vote__comments", "turns", WITH_ANSWERS)
        duels = with_all.in_bulk([each.duel_id for each in published])
        yield from ((each, duels[each.duel_id]) for each in published if each.duel_id in duels)
