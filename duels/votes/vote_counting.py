"""Whether a vote counts for the ranking: as many do as people cast, not as many as a script can.

Decided once, when the vote is cast, by limits whose keys stay in Valkey for a day at most: a visitor, an
address and a prompt are there as hashes. Only the reason is stored with the vote. Its voter sees the reveal
all the same.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

import redis
from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from duels import valkey
from duels.models import Answer, Duel, Vote
from web.rate_limit import Charge, RateLimit, consume

HOUR_SECONDS, DAY_SECONDS = 3_600, 86_400
VOTING_PERIOD = timedelta(days=7)  # from the opening of a duel: its vote counts, and its reactions do not yet
FASTEST_SECONDS = 5  # from the end of both answers to a vote that counts: nobody reads two of them in less
CLASS = 35  # pupils who vote at the same moment
CLASSES_PER_SCHOOL = 20
SAME_PROMPT_PER_ADDRESS = 5  # people of one household who try the same question
MOST_COUNTED = 2_000  # votes of the last minute: the newest rows are read, which have no index by date
NOT_LETTERS = re.compile(r"[\W\d_]+")


def per_hour(name: str, count: int, at_once: int) -> RateLimit:
    """So many votes at once, then so many more per hour."""
    return RateLimit(name, at_once, at_once * HOUR_SECONDS // count)


VISITOR = per_hour("votes-visitor", 4, at_once=20)
ADDRESS = per_hour("votes-address", 5, at_once=CLASS)
NETWORK = per_hour("votes-network", 10, at_once=CLASS)  # /48 of IPv6: thousands of households, or one script
SCHOOL = per_hour("votes-school", 100, at_once=CLASS * CLASSES_PER_SCHOOL)
FIRST_VOTES = per_hour("first-votes", 2, at_once=CLASS)
SAME_PROMPT = RateLimit("votes-prompt", 1, DAY_SECONDS)
SAME_PROMPT_NEARBY = RateLimit("votes-prompt-nearby", SAME_PROMPT_PER_ADDRESS, DAY_SECONDS)
REASONS = {
    VISITOR.name: Vote.Uncounted.VISITOR,
    ADDRESS.name: Vote.Uncounted.ADDRESS,
    NETWORK.name: Vote.Uncounted.ADDRESS,
    SCHOOL.name: Vote.Uncounted.ADDRESS,
    FIRST_VOTES.name: Vote.Uncounted.FIRST_VOTES,
    SAME_PROMPT.name: Vote.Uncounted.SAME_PROMPT,
    SAME_PROMPT_NEARBY.name: Vote.Uncounted.SAME_PROMPT,
}


@dataclass(frozen=True, slots=True)
class Voter:
    """The voter, as hashes. network: of IPv6 alone. is_school: as the operator has declared."""

    visitor: str
    address: str
    network: str | None = None
    is_school: bool = False


def uncounted_reason(duel: Duel, answers: Iterable[Answer], voter: Voter, *, is_first: bool) -> str:
    """Why a vote cast now does not count, as a value of Vote.Uncounted; empty when it counts.

    is_first: the visitor has never voted before. Charges every limit where the vote counts, none otherwise.
    """
    now = timezone.now()
    if now - duel.created_at > VOTING_PERIOD:
        return Vote.Uncounted.LATE
    ended_at = max((answer.finished_at for answer in answers if answer.finished_at), default=now)
    if now - ended_at < timedelta(seconds=FASTEST_SECONDS):
        return Vote.Uncounted.TOO_FAST
    charges = _charges(voter, _prompt_digest(duel.turns.all()[0].prompt), is_first)
    try:
        exceeded = consume(valkey.client(), charges, now.timestamp())
    except redis.RedisError:
        return Vote.Uncounted.UNCHECKED
    return REASONS[exceeded.name] if exceeded else ""


def votes_last_minute() -> int:
    """How many votes were cast within a minute, counted or not, up to MOST_COUNTED."""
    newest = Vote.objects.order_by("-pk").values_list("created_at", flat=True)[:MOST_COUNTED]
    since = timezone.now() - timedelta(minutes=1)
    return sum(created_at >= since for created_at in newest)


def is_rush(votes: int) -> bool:
    """Whether so many votes within a minute deserve an alert."""
    return 0 < settings.ALERT_VOTES_PER_MINUTE <= votes


def _charges(voter: Voter, prompt: str, is_first: bool) -> list[Charge]:
    """The charge of one vote on each limit."""
    charges = [Charge(VISITOR, voter.visitor), Charge(SAME_PROMPT, f"{voter.visitor}:{prompt}")]
    if voter.is_school:
        return [*charges, Charge(SCHOOL, voter.address)]
    nearby = voter.network or voter.address
    charges += [Charge(ADDRESS, voter.address), Charge(SAME_PROMPT_NEARBY, f"{nearby}:{prompt}")]
    if voter.network:
        charges.append(Charge(NETWORK, voter.network))
    if is_first:
        charges.append(Charge(FIRST_VOTES, nearby))
    return charges


def _prompt_digest(prompt: str) -> str:
    """A keyed hash of the letters of a prompt: a number or a point more makes no other prompt of it."""
    letters = NOT_LETTERS.sub("", prompt.casefold()) or prompt
    return salted_hmac("duels.prompt", letters, algorithm="sha256").hexdigest()
