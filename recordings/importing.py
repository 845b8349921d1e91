"""Import of recordings: each row is taken, known already, or refused for a reason that is counted."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import models, transaction
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from duels.reveal.sides import build_sides, method_of_the_day, ratio_of
from recordings.models import CODE_CHARACTERS, TITLE_CHARACTERS, Recording, fingerprint_of
from recordings.pack_format import Pack, RecordedDuel
from recordings.replays import UnknownModel, build_duel, find_models


class Refusal(models.TextChoices):
    """Why a row becomes no recording."""

    UNREADABLE = "unreadable", _("ligne illisible")
    EMPTY_SIDE = "empty_side", _("une question ou une réponse est vide")
    MISSING_MODEL = "missing_model", _("un modèle n’est pas nommé")
    UNKNOWN_MODEL = "unknown_model", _("un modèle n’est pas dans le registre de ce site")
    MODERATED = "moderated", _("écartée par la modération de sa source")
    PERSONAL_DATA = "personal_data", _("données personnelles, selon sa source")
    NO_ENERGY = "no_energy", _("son énergie ne peut pas être calculée ici")


@dataclass(slots=True)
class ImportReport:
    """How many rows were taken, known already, and refused by reason."""

    taken: int = 0
    known: int = 0
    refused: Counter[Refusal] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where recordings come from: what a pack says of itself."""

    pack_title: str
    maker: str
    licence: str
    licence_url: str


def import_pack(pack: Pack, *, dry_run: bool = False, is_offered: bool = True) -> ImportReport:
    origin = Origin(pack["title"], pack["maker"], pack["licence"], pack["licence_url"])
    return import_rows(pack["duels"], origin, dry_run=dry_run, is_offered=is_offered)


def import_rows(
    rows: Iterable[RecordedDuel | Refusal], origin: Origin, *, dry_run: bool = False, is_offered: bool = True
) -> ImportReport:
    """Import what can be played here. A dry run stores nothing, and reports the same."""
    report, seen = ImportReport(), set[str]()
    for row in rows:
        if refusal := row if isinstance(row, Refusal) else _refusal(row):
            report.refused[refusal] += 1
            continue
        assert not isinstance(row, Refusal)
        fingerprint = fingerprint_of(row)
        if fingerprint in seen or Recording.objects.filter(fingerprint=fingerprint).exists():
            report.known += 1
            continue
        seen.add(fingerprint)
        report.taken += 1
        if not dry_run:
            _store(row, fingerprint, origin, is_offered=is_offered)
    return report


def _refusal(recorded: RecordedDuel) -> Refusal | None:
    """Why this recording cannot be played here; None where it can."""
    texts = [
        text
        for turn in recorded["turns"]
        for text in (turn["question"], turn["a"]["text"], turn["b"]["text"])
    ]
    if not all(text.strip() for text in texts):
        return Refusal.EMPTY_SIDE
    try:
        duel = build_duel(recorded, find_models(recorded))
        ratio_of([side.estimate for side in build_sides(duel, method_of_the_day(duel))])
    except UnknownModel:
        return Refusal.UNKNOWN_MODEL
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError):
        return Refusal.NO_ENERGY
    return None


@transaction.atomic
def _store(recorded: RecordedDuel, fingerprint: str, origin: Origin, *, is_offered: bool) -> None:
    Recording.objects.get_or_create(
        fingerprint=fingerprint,
        defaults={
            "code": fingerprint[:CODE_CHARACTERS],
            "title": Truncator(recorded["turns"][0]["question"]).chars(TITLE_CHARACTERS),
            "recorded_on": date.fromisoformat(recorded["recorded_on"]),
            "source": recorded["source"],
            "pack_title": origin.pack_title,
            "maker": origin.maker,
            "licence": origin.licence,
            "licence_url": origin.licence_url,
            "document": recorded,
            "is_offered": is_offered,
        },
    )
