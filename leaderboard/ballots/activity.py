"""Votes of the last days by voter and by hour: what a curator looks at before setting votes aside."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min
from django.db.models.functions import TruncHour
from django.utils import timezone

from leaderboard.models import OWN_SCOPE, Ballot, BallotQuerySet

LATELY = timedelta(days=7)
SHOWN = 10


@dataclass(frozen=True, slots=True)
class VotingPeak:
    """Counted votes of one voter, or of one hour (voter is None then)."""

    voter: int | None
    votes: int
    since: datetime
    until: datetime


def most_active_voters() -> list[VotingPeak]:
    """The voters with the most counted votes of the last days."""
    totals = _lately().values("voter").annotate(votes=Count("pk"), since=Min("cast_at"), until=Max("cast_at"))
    return [VotingPeak(**row) for row in totals.order_by("-votes", "voter")[:SHOWN]]


def busiest_hours() -> list[VotingPeak]:
    """The hours with the most counted votes of the last days."""
    totals = _lately().values(hour=TruncHour("cast_at")).annotate(votes=Count("pk"))
    rows = totals.order_by("-votes", "hour").values_list("hour", "votes")[:SHOWN]
    return [VotingPeak(None, votes, hour, hour + timedelta(hours=1)) for hour, votes in rows]


def _lately() -> BallotQuerySet:
    return (
        Ballot.objects.in_scope(OWN_SCOPE).counted().filter(cast_at__gte=timezone.now() - LATELY).order_by()
    )
