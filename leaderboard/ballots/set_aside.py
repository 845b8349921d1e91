"""Votes that curators have set aside: mark their ballots, free them again, and say so in public."""

from typing import Any

from django.db.models import Count, Q, QuerySet

from leaderboard.models import OWN_SCOPE, WHOLE_SCOPE, Ballot, SetAside


def apply_set_asides() -> None:
    """Mark the ballots of every set-aside in force that none has marked, and free those of lifted ones."""
    Ballot.objects.filter(set_aside__lifted_at__isnull=False).update(set_aside=None)
    for set_aside in SetAside.objects.filter(lifted_at=None).order_by("created_at"):
        matching(set_aside).filter(set_aside=None).update(set_aside=set_aside)


def matching(set_aside: SetAside) -> QuerySet[Ballot]:
    """The ballots that a set-aside is about.

    A ballot whose duel was deleted keeps its day alone: a period that begins or ends within it misses it,
    unless it was marked before.
    """
    criteria = Q(source=set_aside.source_id)
    if set_aside.since:
        criteria &= Q(cast_at__gte=set_aside.since)
    if set_aside.until:
        criteria &= Q(cast_at__lte=set_aside.until)
    if set_aside.voter is not None:
        criteria &= Q(voter=set_aside.voter)
    return Ballot.objects.filter(criteria)


def published_set_asides(scope: str) -> list[dict[str, Any]]:
    """The public facts of each set-aside in force in a scope, newest first, ready to be stored.

    votes: how many would count without it. No voter is named, not even by a number.
    """
    in_force = SetAside.objects.filter(lifted_at=None).select_related("source")
    if scope != WHOLE_SCOPE:
        in_force = in_force.filter(source=None) if scope == OWN_SCOPE else in_force.filter(source__slug=scope)
    votes = Count("ballots", filter=Q(ballots__excluded_reason=""))
    return [
        {
            "reason_fr": one.reason_fr,
            "reason_en": one.reason_en or one.reason_fr,
            "since": one.since and one.since.isoformat(),
            "until": one.until and one.until.isoformat(),
            "source": one.source.name if one.source else "",
            "is_one_voter": one.voter is not None,
            "decided_at": one.created_at.isoformat(),
            "votes": one.n_votes,
        }
        for one in in_force.annotate(n_votes=votes)
    ]
