"""The changes of a duel: open it, add a turn, stop it, retry a failed side."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models.functions import Now

from duels.matchmaking import Candidate
from duels.models import MAX_TURNS, Answer, Duel, Side, Turn, new_code

WRITTEN_BY_WORKERS = (
    "failure", "truncation", "stopped", "text", "html", "html_version", "reasoning", "tokens_in",
    "tokens_out", "reasoning_tokens", "count_source", "vocabulary", "shape", "hosting", "energy_method",
    "pace", "claim", "started_at", "heartbeat_at", "ttft_ms",
    "finished_at",
)  # fmt: skip


class InvalidState(Exception):
    """The duel is not in a state that allows this change."""


def turn_key(code: str, number: int) -> str:
    """The name of one turn in Redis: of its stream, and of the slots that it holds while it runs."""
    return f"duel:{code}:{number}"


def stream_key(turn: Turn) -> str:
    """The key of the Redis Stream of one turn."""
    return turn_key(turn.duel.code, turn.number)


@transaction.atomic
def open_duel(
    visitor: str,
    prompt: str,
    mode: str,
    pair: tuple[Candidate, Candidate],
    code: str = "",
    *,
    in_open_data: bool = True,
    pair_was_known: bool = False,
) -> Turn:
    """Create a duel with its first turn, whose answers wait for a worker. code: a random one by default."""
    duel = Duel.objects.create(
        visitor=visitor,
        mode=mode,
        code=code or new_code(),
        in_open_data=in_open_data,
        pair_was_known=pair_was_known,
    )
    return _insert_turn(duel, 1, prompt, [candidate.model_id for candidate in pair])


def lock_duel(duel: Duel) -> Duel:
    """Lock the duel until the transaction ends, and read it again.

    Raises InvalidState when it was deleted meanwhile.
    """
    stored = Duel.objects.select_for_update(no_key=True).filter(pk=duel.pk).first()
    if stored is None:
        raise InvalidState
    return stored


@transaction.atomic
def add_turn(duel: Duel, prompt: str) -> Turn:
    """Add a turn with the same two models. Raises InvalidState when the duel cannot continue."""
    now = lock_duel(duel)
    if not can_continue(now):  # also after a double click or in a second tab: the turn exists already
        raise InvalidState
    last = now.last_turn
    model_ids = [answer.model_id for answer in last.answers.all()]
    return _insert_turn(duel, last.number + 1, prompt, model_ids)


def can_continue(duel: Duel) -> bool:
    """Whether both sides have answered, no vote is cast, and a turn is left; never of a recorded duel."""
    if duel.recorded_on:
        return False
    answers = duel.last_turn.answers.all()
    answered = all(answer.state == Answer.State.DONE for answer in answers)
    return answered and not duel.is_revealed and duel.last_turn.number < MAX_TURNS


def _insert_turn(duel: Duel, number: int, prompt: str, model_ids: Sequence[int]) -> Turn:
    turn = Turn.objects.create(duel=duel, number=number, prompt=prompt)
    sides = zip(Side.values, model_ids, strict=True)
    Answer.objects.bulk_create(Answer(turn=turn, side=side, model_id=model_id) for side, model_id in sides)
    return turn


def stop(duel: Duel) -> Turn:
    """Mark the newest turn as stopped, and end its answers that no worker has claimed, empty."""
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
