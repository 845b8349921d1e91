"""Votes outlive the duels they were cast on: what the ranking counts stays, what leads to somebody goes."""

import secrets
from collections.abc import Collection
from datetime import UTC
from typing import Any

from django.db.models.functions import TruncDay

from duels.models import Duel
from leaderboard.ballots.ballot import VOTER_HEX_DIGITS
from leaderboard.ballots.collect import create_ballots, limit_voters
from leaderboard.models import Ballot


def anonymise_ballots(keys: Collection[int], memory: dict[int, int], **_: Any) -> None:
    """The votes on these duels, about to be deleted, stay as ballots without duel, voter or hour.

    Votes of one voter that go in one deletion stay votes of one: the doubt of a score and the limit for each
    voter depend on it. Reactions go with their duel.
    memory: who each voter has become in the earlier parts of this deletion.
    """
    ballots = Ballot.objects.filter(duel__in=keys)
    ballots.filter(from_reactions=True).delete()
    create_ballots(Duel.objects.filter(pk__in=keys, vote__isnull=False, ballot=None))
    voters = list(ballots.order_by().values_list("voter", flat=True).distinct())
    limit_voters(voters)
    for voter in voters:
        becomes, day = memory.setdefault(voter, anonymous_voter_id()), TruncDay("cast_at", tzinfo=UTC)
        ballots.filter(voter=voter).update(duel=None, voter=becomes, cast_at=day)


def anonymous_voter_id() -> int:
    """A voter that was never anybody's."""
    return secrets.randbits(4 * VOTER_HEX_DIGITS)
