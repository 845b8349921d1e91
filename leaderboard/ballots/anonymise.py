"""Anonymise the ballots of duels that are about to be deleted: they still count and lead to nobody."""

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
    """Strip duel, voter and hour from the ballots of these duels; delete those made of reactions.

    Ballots of one voter that are deleted together get one new voter: the interval of a score and the limit
    for each voter depend on it.
    memory: the new voter of each old one, over the batches of one deletion.
    """
    ballots = Ballot.objects.filter(duel__in=keys)
    ballots.filter(from_reactions=True).delete()
    create_ballots(Duel.objects.filter(pk__in=keys, vote__isnull=False, ballot=None, in_open_data=True))
    voters = list(ballots.order_by().values_list("voter", flat=True).distinct())
    limit_voters(voters)
    for voter in voters:
        new_voter = memory.setdefault(voter, anonymous_voter_id())
        day = TruncDay("cast_at", tzinfo=UTC)
        ballots.filter(voter=voter).update(duel=None, voter=new_voter, cast_at=day)


def anonymous_voter_id() -> int:
    """A random voter, derived from no visitor."""
    return secrets.randbits(4 * VOTER_HEX_DIGITS)
