"""What seeing the reveal changes: the blind vote beside the second one, cast once the energy is known."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Case, Count, Value, When

from leaderboard.models import OWN_SCOPE, Ballot
from science.energy import SAME_ORDER_BELOW


class PreferredKind(StrEnum):
    """Which model of the pair a vote went to; `other` when it preferred none."""

    FRUGAL = "frugal"
    HUNGRY = "hungry"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class SecondVotePair:
    """So many second votes on one pair that had one blind outcome; halves count for « l’une ou l’autre »."""

    first_id: int
    second_id: int
    outcome: str
    second_outcome: str
    number: int


@dataclass(frozen=True, slots=True)
class PreferenceShift:
    """Of one model's duels with a second vote: the share it won blind, and the share it won after."""

    duels: int
    blind_share: float
    second_share: float


SHARE_OF_FIRST: Mapping[str, float] = {Ballot.Outcome.FIRST: 1.0, Ballot.Outcome.SECOND: 0.0}


def count_second_votes() -> list[SecondVotePair]:
    """The counted duels of ours that have a second vote, summed by pair and by both votes."""
    voted = Ballot.objects.in_scope(OWN_SCOPE).counted().filter(duel__second_vote__isnull=False)
    on_first = Case(
        When(duel__second_vote__choice="either", then=Value(Ballot.Outcome.TIE)),
        When(duel__second_vote__choice="a", first_on_a=True, then=Value(Ballot.Outcome.FIRST)),
        When(duel__second_vote__choice="b", first_on_a=False, then=Value(Ballot.Outcome.FIRST)),
        default=Value(Ballot.Outcome.SECOND),
    )
    grouped = voted.values_list("first_id", "second_id", "outcome", on_first).order_by()
    return [SecondVotePair(*row) for row in grouped.annotate(Count("pk"))]


def shift_by_model(found: Iterable[SecondVotePair]) -> dict[int, dict[str, Any]]:
    """The shift of each model, ready to be stored, by its key."""
    sums: dict[int, list[float]] = defaultdict(lambda: [0, 0.0, 0.0])
    for pairing in found:
        blind = SHARE_OF_FIRST.get(pairing.outcome, 0.5)
        after = SHARE_OF_FIRST.get(pairing.second_outcome, 0.5)
        ends = ((pairing.first_id, blind, after), (pairing.second_id, 1 - blind, 1 - after))
        for model_id, blind_won, second_won in ends:
            for place, amount in enumerate((1, blind_won, second_won)):
                sums[model_id][place] += amount * pairing.number
    return {
        model_id: asdict(PreferenceShift(round(number), blind / number, after / number))
        for model_id, (number, blind, after) in sums.items()
    }


def preference_table(
    found: Iterable[SecondVotePair], wh_per_1000: Mapping[int, float]
) -> dict[str, dict[str, int]]:
    """Second votes by blind pick, then by second pick, among pairs whose energies are not of one order."""
    table = {blind.value: {second.value: 0 for second in PreferredKind} for blind in PreferredKind}
    for pairing in found:
        first_is_frugal = _first_is_frugal(pairing, wh_per_1000)
        if first_is_frugal is not None:
            blind = _preferred_kind(pairing.outcome, first_is_frugal)
            table[blind][_preferred_kind(pairing.second_outcome, first_is_frugal)] += pairing.number
    return table


def _first_is_frugal(pairing: SecondVotePair, wh_per_1000: Mapping[int, float]) -> bool | None:
    """None where an energy is not known, or both are of one order."""
    first, second = wh_per_1000.get(pairing.first_id), wh_per_1000.get(pairing.second_id)
    if not first or not second or max(first, second) / min(first, second) < SAME_ORDER_BELOW:
        return None
    return first < second


def _preferred_kind(outcome: str, first_is_frugal: bool) -> PreferredKind:
    if outcome not in SHARE_OF_FIRST:
        return PreferredKind.OTHER
    return (
        PreferredKind.FRUGAL if (outcome == Ballot.Outcome.FIRST) == first_is_frugal else PreferredKind.HUNGRY
    )
