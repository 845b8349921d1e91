"""The effect of the reveal: blind votes against the second votes, cast once the energy is known."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Case, Count, Value, When

from leaderboard.models import OWN_SCOPE, Ballot
from science.energy import SAME_ORDER_BELOW


class PreferredKind(StrEnum):
    """Which model of a pair a vote preferred, by energy; `other` when it preferred neither."""

    FRUGAL = "frugal"
    HUNGRY = "hungry"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class SecondVotePair:
    """The number of duels between two models with one blind outcome and one second outcome.

    A second vote for « l’une ou l’autre » is a tie.
    """

    first_id: int
    second_id: int
    outcome: str
    second_outcome: str
    number: int


@dataclass(frozen=True, slots=True)
class PreferenceShift:
    """The share that one model won of its duels with a second vote, blind and then knowing."""

    duels: int
    blind_share: float
    second_share: float


SHARE_OF_FIRST: Mapping[str, float] = {Ballot.Outcome.FIRST: 1.0, Ballot.Outcome.SECOND: 0.0}  # else a half


def count_second_votes() -> list[SecondVotePair]:
    """Our counted duels that have a second vote, summed by pair and by both outcomes."""
    voted = Ballot.objects.in_scope(OWN_SCOPE).counted().filter(duel__second_vote__isnull=False)
    second_outcome = Case(
        When(duel__second_vote__choice="either", then=Value(Ballot.Outcome.TIE)),
        When(duel__second_vote__choice="a", first_on_a=True, then=Value(Ballot.Outcome.FIRST)),
        When(duel__second_vote__choice="b", first_on_a=False, then=Value(Ballot.Outcome.FIRST)),
        default=Value(Ballot.Outcome.SECOND),
    )
    grouped = voted.values_list("first_id", "second_id", "outcome", second_outcome).order_by()
    return [SecondVotePair(*row) for row in grouped.annotate(Count("pk"))]


def shift_by_model(pairs: Iterable[SecondVotePair]) -> dict[int, dict[str, Any]]:
    """The fields of the PreferenceShift of each model, by its key, ready to be stored."""
    duels: dict[int, int] = defaultdict(int)
    blind_wins: dict[int, float] = defaultdict(float)
    second_wins: dict[int, float] = defaultdict(float)
    for pair in pairs:
        blind = SHARE_OF_FIRST.get(pair.outcome, 0.5)
        second = SHARE_OF_FIRST.get(pair.second_outcome, 0.5)
        ends = ((pair.first_id, blind, second), (pair.second_id, 1 - blind, 1 - second))
        for model_id, blind_share, second_share in ends:
            duels[model_id] += pair.number
            blind_wins[model_id] += blind_share * pair.number
            second_wins[model_id] += second_share * pair.number
    return {
        model_id: asdict(
            PreferenceShift(number, blind_wins[model_id] / number, second_wins[model_id] / number)
        )
        for model_id, number in duels.items()
    }


def preference_table(
    pairs: Iterable[SecondVotePair], wh_per_1000: Mapping[int, float]
) -> dict[str, dict[str, int]]:
    """Number of duels by kind preferred blind, then by kind preferred in the second vote.

    wh_per_1000: Wh for 1,000 tokens, by key of model. Pairs whose energies are of one order are left out.
    """
    table = {blind.value: {second.value: 0 for second in PreferredKind} for blind in PreferredKind}
    for pair in pairs:
        first_is_frugal = _first_is_frugal(pair, wh_per_1000)
        if first_is_frugal is not None:
            blind = _preferred_kind(pair.outcome, first_is_frugal)
            table[blind][_preferred_kind(pair.second_outcome, first_is_frugal)] += pair.number
    return table


def _first_is_frugal(pair: SecondVotePair, wh_per_1000: Mapping[int, float]) -> bool | None:
    """None where an energy is not known, or both are of one order."""
    first, second = wh_per_1000.get(pair.first_id), wh_per_1000.get(pair.second_id)
    if not first or not second or max(first, second) / min(first, second) < SAME_ORDER_BELOW:
        return None
    return first < second


def _preferred_kind(outcome: str, first_is_frugal: bool) -> PreferredKind:
    if outcome not in SHARE_OF_FIRST:
        return PreferredKind.OTHER
    prefers_frugal = (outcome == Ballot.Outcome.FIRST) == first_is_frugal
    return PreferredKind.FRUGAL if prefers_frugal else PreferredKind.HUNGRY
