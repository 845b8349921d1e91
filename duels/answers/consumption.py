"""Energy of answers, from what is stored of them."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from duels.answers.answer_hosting import stored_hosting
from duels.models import Answer, Duel, Side
from science import tokens
from science.energy import DEFAULT_METHOD, Estimate, ModelShape, estimate, mean_context_tokens


def energy_fields(shape: ModelShape) -> dict[str, Any]:
    """Stored beside the counts, so that the energy can be computed again later with the same result."""
    return {"shape": asdict(shape), "energy_method": DEFAULT_METHOD}


def stored_shape(answer: Answer) -> ModelShape:
    """The shape stored with the answer; today's where nothing was written."""
    if not answer.shape:
        return answer.model.shape()
    stored: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in answer.shape.items()
    }
    return ModelShape(**stored)


def answers_by_side(duel: Duel) -> dict[str, list[Answer]]:
    """The answers of each side over all turns, oldest first."""
    answers = [answer for turn in duel.turns.all() for answer in turn.answers.all()]
    return {side: [answer for answer in answers if answer.side == side] for side in Side.values}


def estimate_side(answers: Iterable[Answer], method: str | None = None) -> Estimate:
    """The energy of one side over all turns, by the stored method unless `method` is given."""
    turns = list(answers)
    read, written = tokens_read(turns), [answer.tokens_out + answer.reasoning_tokens for answer in turns]
    return estimate(
        stored_shape(turns[0]),
        sum(answer.tokens_out for answer in turns),
        method or turns[0].energy_method or DEFAULT_METHOD,
        reasoning_tokens=sum(answer.reasoning_tokens for answer in turns),
        tokens_in=sum(read),
        context_tokens=mean_context_tokens(zip(read, written, strict=True)),
        hosting=stored_hosting(turns),
    )


def tokens_read(turns: Iterable[Answer]) -> list[int]:
    """The question and the history of each answer of one side, counted where nothing was stored.

    An answer that failed or wrote nothing has read nothing that is known.
    """
    read: list[int] = []
    history = 0
    for answer in turns:
        has_written = bool(answer.tokens_out or answer.reasoning_tokens)
        counted = answer.tokens_in
        if counted is None:
            counted = history + tokens.count(answer.turn.prompt) if has_written else 0
        read.append(counted)
        history = counted + answer.tokens_out
    return read
