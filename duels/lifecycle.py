"""What a visitor can do to a duel: open it, ask again, stop it, try a failed side again."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models.functions import Now

from duels.matchmaking import Candidate
from duels.models import MAX_TURNS, Answer, Duel, Side, Turn
from duels.writing import insert

WRITTEN_BY_WORKERS = (
    "failure", "truncation", "stopped", "text", "reasoning", "tokens_in", "tokens_out", "reasoning_tokens",
    "count_source", "shape", "energy_method", "started_at", "heartbeat_at", "ttft_ms", "finished_at",
)  # fmt: skip


class InvalidState(Exception):
    """The duel is not in a state that allows this; the visitor is shown the duel as it is."""


def stream_key(turn: Turn) -> str:
    """The Redis Stream of one turn; it names nothing but the duel."""
    return f"duel:{turn.duel.code}:{turn.number}"


@transaction.atomic
def open_duel(visitor: str, prompt: str, mode: str, pair: tuple[Candidate, Candidate]) -> Turn:
    """The first turn of a new duel, with both answers waiting for a worker."""
    duel = Duel(visitor=visitor, mode=mode)
    insert(duel)
    return _insert_turn(duel, 1, prompt, [candidate.model_id for candidate in pair])


def lock_duel(duel: Duel) -> Duel:
    """The duel as it is now, whatever the page that asks has read; no other verb changes it until the commit.

    Raises InvalidState when it was deleted meanwhile.
    """
    stored = Duel.objects.select_for_update(no_key=True).filter(pk=duel.pk).first()
    if stored is None:
        raise InvalidState
    return stored


@transaction.atomic
def add_turn(duel: Duel, prompt: str) -> Turn:
    """The next turn, with the same two models. Raises InvalidState when the duel cannot go on."""
    now = lock_duel(duel)
    if not can_continue(now):  # or a second tab, a double click: the turn is there already
        raise InvalidState
    last = now.last_turn
    model_ids = [answer.model_id for answer in last.answers.all()]
    return _insert_turn(duel, last.number + 1, prompt, model_ids)


def can_continue(duel: Duel) -> bool:
    """Both sides have answered, nobody has voted, and there is a turn left."""
    answers = duel.last_turn.answers.all()
    answered = all(answer.state == Answer.State.DONE for answer in answers)
    return answered and not duel.is_revealed and duel.last_turn.number < MAX_TURNS


def _insert_turn(duel: Duel, number: int, prompt: str, model_ids: Sequence[int]) -> Turn:
    turn = Turn(duel=duel, number=number, prompt=prompt)
    insert(turn)
    sides = zip(Side.values, model_ids, strict=True)
    insert(*[Answer(turn=turn, side=side, model_id=model_id) for side, model_id in sides])
    return turn


def stop(duel: Duel) -> Turn:
    """Marks the newest turn as stopped; answers that no worker has taken yet end here, empty."""
    turn = duel.last_turn
    Turn.objects.filter(pk=turn.pk).update(stopped_at=Now())
    Answer.objects.filter(turn=turn, state=Answer.State.WAITING).update(
        state=Answer.State.DONE, stopped=True, finished_at=Now()
    )
    return turn


@transaction.atomic
def retry_side(duel: Duel, side: str) -> Answer:
    """Queue a failed answer of the newest turn again. Raises InvalidState when it has not failed."""
    now = lock_duel(duel)
    if now.is_revealed or side not in Side.values:
        raise InvalidState
    turn = now.last_turn
    failed = Answer.objects.filter(turn=turn, side=side, state=Answer.State.FAILED)
    fresh = Answer(turn=turn, side=side)
    emptied = {name: getattr(fresh, name) for name in WRITTEN_BY_WORKERS}
    if not failed.update(**emptied, state=Answer.State.WAITING, queued_at=Now()):
        raise InvalidState
    return Answer.objects.get(turn=turn, side=side)
