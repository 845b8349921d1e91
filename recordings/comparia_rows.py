"""compar:IA's published conversations as recordings, from JSON Lines or Parquet.

Two forms: comparia-conversations, one row each, with the columns of its card
(https://huggingface.co/datasets/ministere-culture/comparia-conversations), and comparia-fr-arena, which
replaces it: one row per turn, each with the whole conversation, as their exporter writes it
(https://github.com/betagouv/ComparIA, utils/dataset). Neither says at what pace the answers came.
It loads a Parquet library, and with the commands alone.
"""

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pyarrow import parquet

from duels.answers.consumption import answers_by_side, energy_fields
from duels.models import MAX_TURNS, Side
from models_registry.discovery.matching import NameIndex
from models_registry.models import LanguageModel
from recordings.importing import Origin, Refusal
from recordings.pack_format import RecordedDuel
from recordings.recorder import LICENCE, LICENCE_URL, model_facts, side_energy
from recordings.replays import build_duel
from science import tokens
from science.personal_data import find_personal_data

ORIGIN = Origin(
    "compar:IA, comparia-conversations", "Ministère de la Culture, compar:IA", LICENCE, LICENCE_URL
)
BATCH_ROWS = 500
# Columns of comparia-fr-arena whose names in comparia-conversations are others.
OLDER_NAMES = {
    "excluded": "postprocess_failed_moderation",
    "model_a": "model_a_name",
    "model_b": "model_b_name",
    "full_conversation_a": "conversation_a",
    "full_conversation_b": "conversation_b",
    "total_tokens_a": "total_conv_a_output_tokens",
    "total_tokens_b": "total_conv_b_output_tokens",
}
PARQUET, LINES, GZIP = ".parquet", ".jsonl", ".gz"
Conversation = list[tuple[str, str, str]]  # question, reasoning, answer


def is_comparia_file(path: Path) -> bool:
    return bool({PARQUET, LINES} & set(path.suffixes))


def read_rows(path: Path) -> Iterator[RecordedDuel | Refusal]:
    """The rows of a file, in its order."""
    names = NameIndex()
    for row in _parquet_rows(path) if PARQUET in path.suffixes else _lines(path):
        yield _recording(_in_older_form(row), names) if isinstance(row, dict) else Refusal.UNREADABLE


def _in_older_form(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with the columns of comparia-conversations; of the other form, what is nested is brought up."""
    nested = [part for name in ("extra_metadata", "metadata") if isinstance(part := row.get(name), Mapping)]
    flat = {name: value for part in [*nested, row] for name, value in part.items()}
    return {OLDER_NAMES.get(name, name): value for name, value in flat.items()}


def _parquet_rows(path: Path) -> Iterator[dict[str, Any]]:
    with parquet.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=BATCH_ROWS):
            yield from batch.to_pylist()


def _lines(path: Path) -> Iterator[Any]:
    opened = gzip.open if GZIP in path.suffixes else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield _parsed(line)


def _parsed(text: str) -> Any:
    """The value of a JSON text; None where it is none."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def _recording(row: Mapping[str, Any], names: NameIndex) -> RecordedDuel | Refusal:
    if _is_true(row.get("contains_pii")):
        return Refusal.PERSONAL_DATA
    if any(
        _is_true(row.get(name)) for name in ("postprocess_failed_moderation", "contains_spam", "archived")
    ):
        return Refusal.MODERATED
    said = [row.get(f"model_{side}_name") for side in Side.values]
    if not all(isinstance(name, str) and name.strip() for name in said):
        return Refusal.MISSING_MODEL
    models = {side: names.find_served(str(name)) for side, name in zip(Side.values, said, strict=True)}
    sides = {side: _conversation(row, side) for side in Side.values}
    day = str(row.get("timestamp") or "")[:10]
    if not _is_day(day):
        return Refusal.UNREADABLE
    if not all(sides.values()) or not all(
        text.strip() for side in sides.values() for q, _, a in side for text in (q, a)
    ):
        return Refusal.EMPTY_SIDE
    if [question for question, _, _ in sides["a"]] != [question for question, _, _ in sides["b"]]:
        return Refusal.UNREADABLE
    if not _is_true(row.get("pii_analyzed")) and any(map(find_personal_data, _texts(sides))):
        return Refusal.PERSONAL_DATA
    found = {side: model for side, model in models.items() if model}
    return _document(row, found, sides, day) if len(found) == len(models) else Refusal.UNKNOWN_MODEL


def _document(
    row: Mapping[str, Any], models: Mapping[str, LanguageModel], sides: Mapping[str, Conversation], day: str
) -> RecordedDuel | Refusal:
    answers = {side: _answers(row, side, models[side], sides[side]) for side in Side.values}
    languages = row.get("languages") or [""]
    recorded: Any = {
        "recorded_on": day,
        "source": "comparia",
        "language": str(languages[0] if isinstance(languages, Sequence) else ""),
        "models": {side: model_facts(model) for side, model in models.items()},
        "turns": [
            {"question": question, "a": answers["a"][number], "b": answers["b"][number]}
            for number, (question, _reasoning, _answer) in enumerate(sides["a"][:MAX_TURNS])
        ],
    }
    try:
        estimated = answers_by_side(build_duel(recorded, models))
        recorded["energy"] = {side: side_energy(own) for side, own in estimated.items()}
    except ValueError:  # the facts of a model contradict each other
        return Refusal.NO_ENERGY
    return recorded  # type: ignore[no-any-return]


def _answers(
    row: Mapping[str, Any], side: str, model: LanguageModel, conversation: Conversation
) -> list[dict[str, Any]]:
    """The answers of one side; the tokens that it counts for the whole are shared out by length."""
    reported = row.get(f"total_conv_{side}_output_tokens")
    is_reported = isinstance(reported, int | float) and reported > 0
    counts = [tokens.count(answer) for _question, _reasoning, answer in conversation]
    if is_reported:
        counts = _shared_out(round(reported), counts)  # type: ignore[arg-type]
    shape = json.loads(json.dumps(energy_fields(model.shape())))
    return [
        {
            "text": answer,
            "reasoning": reasoning,
            "truncation": "",
            "stopped": False,
            "pace": {"kind": "unknown", "points": []},
            "tokens_in": None,
            "tokens_out": count,
            "reasoning_tokens": 0,
            "count_source": "reported" if is_reported else "counted",
            "vocabulary": "",
            "hosting": {},
            **shape,
        }
        for (_question, reasoning, answer), count in zip(conversation, counts, strict=True)
    ]


def _shared_out(total: int, weights: Sequence[int]) -> list[int]:
    """Whole numbers in proportion to the weights, whose sum is the total."""
    whole, given, seen = max(1, sum(weights)), 0, 0
    shares = []
    for weight in weights:
        seen += weight
        shares.append(round(total * seen / whole) - given)
        given += shares[-1]
    return shares


def _conversation(row: Mapping[str, Any], side: str) -> Conversation:
    """The turns of one side: each question with what answered it; empty where the messages are unreadable."""
    messages = row.get(f"conversation_{side}") or []
    if isinstance(messages, str):
        messages = _parsed(messages) or []
    turns: Conversation = []
    question: str | None = None
    for message in messages if isinstance(messages, list) else []:
        role, text = message.get("role"), str(message.get("content") or "")
        if role == "user":
            question = text if question is None else f"{question}\n\n{text}"
        elif role == "assistant":
            turns.append((question or "", str(message.get("reasoning_content") or ""), text))
            question = None
    return turns if question is None else []


def _texts(sides: Mapping[str, Conversation]) -> Iterator[str]:
    return (text for conversation in sides.values() for turn in conversation for text in turn)


def _is_true(flag: Any) -> bool:
    return flag is True or str(flag).casefold() in ("true", "1")


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
