"""The rows of a duel in the tables of votes and of texts."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from duels.answers.answer_hosting import stored_hosting
from duels.answers.consumption import estimate_side, stored_shape
from duels.models import Duel, Side
from leaderboard.ballots.ballot import DuelSide, duel_sides
from leaderboard.models import SET_ASIDE
from open_data.models import PublishedDuel
from science.personal_data import find_personal_data


def vote_row(published: PublishedDuel, duel: Duel) -> dict[str, Any]:
    ballot, guess = duel.ballot, getattr(duel, "guess", None)
    reason = ballot.excluded_reason or (SET_ASIDE if ballot.set_aside_id else "")
    second_vote = getattr(duel, "second_vote", None)
    row = {
        "code": published.code,
        "month": published.month,
        "mode": duel.mode,
        "turns": len(duel.turns.all()),
        "choice": duel.vote.choice,
        "counted": not reason,
        "not_counted_because": reason or None,
        "second_vote": second_vote.choice if second_vote else None,
        "bet_side": (guess.side or None) if guess else None,
        "bet_factor": guess.factor if guess else None,
    }
    reasons = {comment.side: comment.reasons for comment in duel.vote.comments.all()}
    for side, played in zip(Side.values, duel_sides(duel), strict=True):
        columns = {"reasons": sorted(reasons.get(side, []))} | _side_columns(played)
        row |= {f"{name}_{side}": value for name, value in columns.items()}
    return row


def _side_columns(side: DuelSide) -> dict[str, Any]:
    """The tokens of one side, what its energy was estimated from, and the estimate."""
    answers = side.answers
    columns = {
        "model": side.model.slug,
        "tokens_out": sum(answer.tokens_out for answer in answers),
        "reasoning_tokens": sum(answer.reasoning_tokens for answer in answers),
        "count_source": answers[-1].count_source or None,
    }
    try:
        estimate = estimate_side(answers)
    except ValueError:  # the facts of its model contradict each other
        return columns
    return columns | {
        "tokens_in": round(estimate.tokens_in),
        "context_tokens": estimate.context_tokens,
        "shape": _as_json(stored_shape(answers[0])),
        "hosting": _as_json(stored_hosting(answers)),
        "energy_method": estimate.method.name,
        "energy_wh_low": estimate.energy_wh.low,
        "energy_wh": estimate.energy_wh.mid,
        "energy_wh_high": estimate.energy_wh.high,
    }


def _as_json(facts: Any) -> str:
    """The known fields of a dataclass, in one order."""
    known = {name: value for name, value in asdict(facts).items() if value is not None}
    return json.dumps(known, sort_keys=True, ensure_ascii=False)


def holds_personal_data(duel: Duel) -> bool:
    """Whether a text of the duel holds what looks like personal data."""
    prompts = [turn.prompt for turn in duel.turns.all()]
    answers = [answer.text for turn in duel.turns.all() for answer in turn.answers.all()]
    comments = [comment.comment for comment in duel.vote.comments.all()]
    return any(find_personal_data(text) for text in (*prompts, *answers, *comments))


def text_rows(published: PublishedDuel, duel: Duel) -> Iterator[dict[str, Any]]:
    """One row for each turn."""
    turns = list(duel.turns.all())
    comments = {f"comment_{comment.side}": comment.comment for comment in duel.vote.comments.all()}
    for turn in turns:
        row: dict[str, Any] = {
            "code": published.code,
            "month": published.month,
            "turn": turn.number,
            "question": turn.prompt,
        }
        for answer in turn.answers.all():
            row |= {f"model_{answer.side}": answer.model.slug, f"answer_{answer.side}": answer.text}
        yield row | comments if turn is turns[-1] else row
