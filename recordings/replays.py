"""Replay of a recording: the duel that it was, in memory for a file, stored for a visitor or a room."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from duels.markdown import to_html
from duels.markdown.version import RENDERER_VERSION
from duels.models import MAX_TURNS, Answer, Duel, Side, Turn
from duels.queries import set_prefetched
from models_registry.models import LanguageModel, Licence, Organisation
from recordings import pack_format
from recordings.models import Recording, Replay
from recordings.pack_format import RecordedDuel
from recordings.recorder import ANSWER_FIELDS, MODEL_FIELDS

Models = Mapping[str, LanguageModel]


class UnknownModel(Exception):
    """A model that the registry of this site does not have."""


def find_models(recorded: RecordedDuel) -> dict[str, LanguageModel]:
    """The models of both sides, as this site's registry has them. Raises UnknownModel."""
    slugs = {side: facts["slug"] for side, facts in _facts_by_side(recorded).items()}
    models = LanguageModel.objects.select_related("organisation", "licence")
    by_slug = {model.slug: model for model in models.filter(slug__in=slugs.values())}
    if missing := set(slugs.values()) - set(by_slug):
        raise UnknownModel(min(missing))
    return {side: by_slug[slug] for side, slug in slugs.items()}


def models_as_recorded(recorded: RecordedDuel) -> dict[str, LanguageModel]:
    """The models of both sides with the facts of the recording, not stored anywhere."""
    return {side: _unsaved_model(facts) for side, facts in _facts_by_side(recorded).items()}


def _facts_by_side(recorded: RecordedDuel) -> dict[str, pack_format.Model]:
    return {Side.A: recorded["models"]["a"], Side.B: recorded["models"]["b"]}


def _unsaved_model(facts: Mapping[str, Any]) -> LanguageModel:
    known = {name: facts[name] for name in MODEL_FIELDS}
    day = facts["release_date"]
    return LanguageModel(
        **known,
        release_date=date.fromisoformat(day) if day else None,
        organisation=Organisation(**facts["organisation"]),
        licence=Licence(**facts["licence"]),
    )


def build_duel(recorded: RecordedDuel, models: Models) -> Duel:
    """The duel in memory, with its turns, answers and models: what the reveal reads, without a query."""
    duel = Duel(pk=0, recorded_on=_day(recorded), created_at=timezone.now())
    turns = []
    for number, made in enumerate(recorded["turns"], 1):
        turn = Turn(pk=number, duel=duel, number=number, prompt=made["question"])
        set_prefetched(turn, "answers", _answers(turn, made, models))
        turns.append(turn)
    set_prefetched(duel, "turns", turns)
    Duel.vote.related.set_cached_value(duel, None)  # it has none, and the database is not asked for one
    return duel


@transaction.atomic
def store_duel(recorded: RecordedDuel, visitor: str) -> Duel:
    """A duel of this visitor with both answers already there. It is in no ballot and in no open data.

    Raises UnknownModel.
    """
    models = find_models(recorded)
    duel = Duel.objects.create(
        visitor=visitor, mode=Duel.Mode.RANDOM, in_open_data=False, recorded_on=_day(recorded)
    )
    for number, made in enumerate(recorded["turns"], 1):
        turn = Turn.objects.create(duel=duel, number=number, prompt=made["question"])
        Answer.objects.bulk_create(_answers(turn, made, models))
    return duel


@transaction.atomic
def open_replay(recording: Recording, visitor: str, most_turns: int = MAX_TURNS) -> Duel:
    """A duel of this visitor that shows the recording, or its first turns. Raises UnknownModel."""
    document: RecordedDuel = recording.document
    document["turns"] = document["turns"][:most_turns]
    duel = store_duel(document, visitor)
    Replay.objects.create(duel=duel, recording=recording)
    return duel


def _day(recorded: RecordedDuel) -> date:
    return date.fromisoformat(recorded["recorded_on"])


def _answers(turn: Turn, made: pack_format.Turn, models: Models) -> list[Answer]:
    return [
        Answer(turn=turn, side=side, model=models[side], **_values(answer))
        for side, answer in ((Side.A, made["a"]), (Side.B, made["b"]))
    ]


def _values(answer: pack_format.Answer) -> dict[str, Any]:
    recorded: Mapping[str, Any] = answer
    return {
        **{name: recorded[name] for name in ANSWER_FIELDS},
        "energy_method": recorded["energy_method"],
        "pace": recorded["pace"]["points"],
        "state": Answer.State.DONE,
        "html": to_html(recorded["text"]),
        "html_version": RENDERER_VERSION,
        "finished_at": timezone.now(),
    }
