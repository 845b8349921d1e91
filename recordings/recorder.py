"""Recording of a finished duel: what a pack holds of it, and nothing of its visitor."""

from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import Any

from django.utils import timezone

from duels.answers.consumption import estimate_side
from duels.models import Answer, Duel, Side, Turn
from models_registry.models import LanguageModel
from recordings import pack_format
from recordings.pack_format import Energy, Pace, Pack, RecordedDuel
from science.personal_data import find_personal_data

LICENCE = "Licence Ouverte / Open Licence 2.0 (Etalab)"
LICENCE_URL = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
ANSWER_FIELDS = (
    "text", "reasoning", "truncation", "stopped", "tokens_in", "tokens_out", "reasoning_tokens",
    "count_source", "vocabulary", "shape", "hosting",
)  # fmt: skip
MODEL_FIELDS = (
    "slug", "name", "release_precision", *LanguageModel.SHAPE_FIELDS,
    "hypothesis_why_fr", "hypothesis_why_en",
)  # fmt: skip


class NothingToRecord(Exception):
    """No turn of the duel has two answers."""


def make_pack(duels: Iterable[RecordedDuel], title: str, maker: str) -> Pack:
    return {
        "format": pack_format.FORMAT,
        "version": pack_format.VERSION,
        "title": title,
        "licence": LICENCE,
        "licence_url": LICENCE_URL,
        "maker": maker,
        "made_on": timezone.localdate().isoformat(),
        "duels": list(duels),
    }


def can_record(duel: Duel) -> bool:
    """Whether its first turn has two answers."""
    return _is_complete(duel.turns.all()[0])


def record_duel(duel: Duel) -> RecordedDuel:
    """The recording of a duel that is loaded with its models: its turns up to one without two answers.

    Raises NothingToRecord.
    """
    turns = list(takewhile(_is_complete, duel.turns.all()))
    if not turns:
        raise NothingToRecord
    sides = {side: [_of_side(turn, side) for turn in turns] for side in Side.values}
    models = {side: model_facts(answers[-1].model) for side, answers in sides.items()}
    day = duel.recorded_on or timezone.localdate(duel.created_at)
    recorded: Any = {
        "recorded_on": day.isoformat(),
        "source": "conso-duel",
        "language": "",
        "models": models,
        "turns": [_turn(turn) for turn in turns],
        "energy": {side: side_energy(answers) for side, answers in sides.items()},
    }
    return recorded  # type: ignore[no-any-return]  # its keys are sides


def holds_personal_data(recorded: RecordedDuel) -> bool:
    """Whether a question or an answer holds what looks like personal data."""
    texts = (
        text
        for turn in recorded["turns"]
        for text in (
            turn["question"],
            *(turn[side][name] for side in ("a", "b") for name in ("text", "reasoning")),
        )
    )
    return any(find_personal_data(text) for text in texts)


def _is_complete(turn: Turn) -> bool:
    return all(answer.state == Answer.State.DONE and answer.text.strip() for answer in turn.answers.all())


def _of_side(turn: Turn, side: str) -> Answer:
    return next(answer for answer in turn.answers.all() if answer.side == side)


def _turn(turn: Turn) -> dict[str, Any]:
    return {"question": turn.prompt, **{side: _answer(_of_side(turn, side)) for side in Side.values}}


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        **{name: getattr(answer, name) for name in ANSWER_FIELDS},
        "pace": _pace(answer),
        "energy_method": answer.energy_method,
    }


def _pace(answer: Answer) -> Pace:
    """The stored pace; of an answer from before it was stored, one at equal steps from its first token on."""
    if answer.pace:
        return {"kind": "recorded", "points": [list(point) for point in answer.pace]}
    if not (answer.started_at and answer.finished_at):
        return {"kind": "unknown", "points": []}
    end_ms = max(0, round((answer.finished_at - answer.started_at).total_seconds() * 1000))
    return {"kind": "rebuilt", "points": [[min(answer.ttft_ms or 0, end_ms), 0], [end_ms, len(answer.text)]]}


def side_energy(answers: Sequence[Answer]) -> Energy:
    estimate = estimate_side(answers)
    return {
        "method": estimate.method.name,
        "method_version": estimate.method.version,
        "low_wh": estimate.low_wh,
        "mid_wh": estimate.mid_wh,
        "high_wh": estimate.high_wh,
    }


def model_facts(model: LanguageModel) -> dict[str, Any]:
    maker, licence = model.organisation, model.licence
    return {
        **{name: getattr(model, name) for name in MODEL_FIELDS},
        "organisation": {"slug": maker.slug, "name": maker.name, "country": maker.country},
        "licence": {name: getattr(licence, name) for name in ("slug", "name", "link", "kind")},
        "release_date": model.release_date.isoformat() if model.release_date else None,
        "sources": [
            {
                "fact": source.fact,
                "link": source.link,
                "title": source.title,
                "read_on": source.read_on.isoformat() if source.read_on else None,
            }
            for source in model.sources.all()
        ],
    }
