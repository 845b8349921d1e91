"""The answers of a room: one ballot per seat and kind while the vote is open, and raised hands."""

from collections import Counter
from collections.abc import Mapping

from django.db import transaction
from django.db.models import Sum

from workshops.models import BET_CHOICES, VOTE_CHOICES, Round, RoundBallot, Seat, Workshop
from workshops.phases import OPEN_KINDS
from workshops.scenario import Step, from_dict

MAX_HANDS = 2_000
Kind = RoundBallot.Kind


class VoteClosed(Exception):
    """The vote is closed, or was never open."""


class UnknownChoice(Exception):
    """A choice that this vote does not offer."""


def choices_of(kind: str, step: Step) -> dict[str, str]:
    """The choices of a kind of ballot and their labels."""
    if kind == Kind.QUIZ:
        return {str(rank): option for rank, option in enumerate(step.options, 1)}
    return {key: str(label) for key, label in (BET_CHOICES if kind == Kind.BET else VOTE_CHOICES).items()}


@transaction.atomic
def cast_ballot(workshop: Workshop, seat: Seat, number: int, kind: str, choice: str) -> None:
    """Store the ballot, in place of an earlier one. Raises VoteClosed, UnknownChoice.

    The row of the workshop is locked: a ballot is counted, or the vote was closed before it came.
    """
    now = _lock(workshop)
    step = from_dict(workshop.scenario).step(workshop.step_id)
    played = Round.objects.filter(workshop=workshop, number=number, replaced_at=None).first()
    sitting = Seat.objects.filter(pk=seat.pk, removed_at=None).first()
    if now is None or played is None or played.step_id != now.step_id or sitting is None:
        raise VoteClosed
    if kind not in OPEN_KINDS.get(now.phase, ()) or (kind in ("blind", "bet") and played.revealed_at):
        raise VoteClosed
    if choice not in choices_of(kind, step):
        raise UnknownChoice
    RoundBallot.objects.bulk_create(
        [RoundBallot(round=played, seat=sitting, kind=kind, choice=choice, heads=sitting.heads)],
        update_conflicts=True,
        unique_fields=["round", "seat", "kind"],
        update_fields=["choice", "heads"],
    )


def _lock(workshop: Workshop) -> Workshop | None:
    """The present row, which no command changes before the transaction ends; None after the end."""
    return Workshop.objects.select_for_update(no_key=True).filter(pk=workshop.pk, ended_at=None).first()


@transaction.atomic
def seat_people(workshop: Workshop, seat: Seat, heads: int) -> None:
    """Set for how many people a seat speaks: from now on, in the votes that are open too."""
    if now := _lock(workshop):
        Seat.objects.filter(pk=seat.pk).update(heads=heads)
        kinds = OPEN_KINDS.get(now.phase, ())
        present = {"round__step_id": now.step_id, "round__replaced_at": None}
        RoundBallot.objects.filter(seat=seat, kind__in=kinds, **present).update(heads=heads)


def count_choices(played: Round, kind: str) -> dict[str, int]:
    """People by choice: ballots with their heads, and raised hands."""
    rows = RoundBallot.objects.filter(round=played, kind=kind, seat__removed_at=None)
    counted = Counter[str](dict(rows.values_list("choice").annotate(Sum("heads")).order_by()))
    counted.update(played.hands.get(kind, {}))
    return dict(counted)


def count_moves(played: Round) -> dict[tuple[str, str], int]:
    """People by blind choice and second choice, for seats that gave both."""
    moves: Counter[tuple[str, str]] = Counter()
    blind = ballots_by_seat(played, Kind.BLIND)
    for seat_id, (choice, heads) in ballots_by_seat(played, Kind.SECOND).items():
        if seat_id in blind:
            moves[blind[seat_id][0], choice] += heads
    return dict(moves)


def ballots_by_seat(played: Round, kind: str) -> Mapping[int, tuple[str, int]]:
    rows = RoundBallot.objects.filter(round=played, kind=kind, seat__removed_at=None)
    return {
        seat_id: (choice, heads) for seat_id, choice, heads in rows.values_list("seat", "choice", "heads")
    }


@transaction.atomic
def raise_hands(
    played: Round, kind: str, choice: str, step: Step, *, change: int = 0, to: int | None = None
) -> None:
    """Add to the raised hands of a choice, or set them. Raises UnknownChoice."""
    if choice not in choices_of(kind, step):
        raise UnknownChoice
    now = Round.objects.select_for_update(no_key=True).get(pk=played.pk)
    counts = now.hands.setdefault(kind, {})
    number = to if to is not None else counts.get(choice, 0) + change
    counts[choice] = min(max(number, 0), MAX_HANDS)
    now.save(update_fields=["hands"])
    played.hands = now.hands


def ballots_of_seat(played: Round, seat: Seat) -> dict[str, str]:
    """The answers of this seat in the round, by kind."""
    return dict(RoundBallot.objects.filter(round=played, seat=seat).values_list("kind", "choice"))
