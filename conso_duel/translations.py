"""Extracts and compiles the translation catalogues with Babel alone, without gettext's programs.

Source strings are French, so French needs none but for its plurals, which begin at two: « 0 modèle ».
"""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

FOLDERS = (
    "web", "conso_duel", "api", "open_data", "workshops", "recordings", "leaderboard", "learn", "duels",
    "models_registry", "templates",
)  # fmt: skip
PLURAL = (1, 2)
CONTEXT = ((1, "c"), 2)
FIXED_DATE = datetime(2026, 1, 1, tzinfo=UTC)  # the compiled header has a date: today's would change the file
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": PLURAL,
    "ngettext_lazy": PLURAL,
    "pgettext": CONTEXT,
    "pgettext_lazy": CONTEXT,
    "npgettext": (*CONTEXT, 3),
    "npgettext_lazy": (*CONTEXT, 3),
}


def po_path() -> Path:
    return Path(settings.BASE_DIR) / "locale" / "en" / "LC_MESSAGES" / "django.po"


def french_mo_path() -> Path:
    return Path(settings.BASE_DIR) / "locale" / "fr" / "LC_MESSAGES" / "django.mo"


def french_plurals() -> Catalog:
    """The messages that have a plural, each its own translation: they follow the plural rule of French."""
    catalog = Catalog(locale="fr", project="Conso Duel", fuzzy=False)
    for message in extracted():
        if isinstance(message.id, tuple):
            catalog.add(message.id, message.id, context=message.context)
    return catalog


def extracted() -> Catalog:
    """Every message of the code and the templates, without translations."""
    catalog = Catalog(project="Conso Duel", fuzzy=False)
    for path in _sources(Path(settings.BASE_DIR)):
        for _line, message, comments, context in _extract(path):
            place = path.relative_to(settings.BASE_DIR).as_posix()
            catalog.add(message, locations=[(place, 0)], auto_comments=comments, context=context)
    return catalog


def _sources(base: Path) -> Iterator[Path]:
    for folder in FOLDERS:
        files = (base / folder).rglob("*")
        yield from sorted(path for path in files if path.suffix in (".py", ".html", ".txt"))


def _extract(path: Path) -> list[Any]:
    """The messages of one file; templatize's output is parsed by Babel's JavaScript reader alone."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return list(extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS))
    python_like = templatize(text, origin=str(path)).encode()
    return list(extract("javascript", io.BytesIO(python_like), keywords=KEYWORDS))


def read() -> Catalog:
    """The committed translations, or an empty catalogue."""
    path = po_path()
    if not path.exists():
        return Catalog(locale="en", project="Conso Duel", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale="en")


def updated() -> Catalog:
    """The committed translations of the current messages; new ones are there untranslated."""
    catalog = read()
    catalog.update(extracted(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    return catalog


def po_bytes(catalog: Catalog) -> bytes:
    """The .po file, which changes only when a message does."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=100, omit_header=False, include_lineno=False, sort_output=True)
    lines = buffer.getvalue().decode().splitlines(keepends=True)
    volatile = ('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By', '"Report-Msgid-Bugs-To')
    return "".join(line for line in lines if not line.startswith(volatile)).encode()


def mo_bytes(catalog: Catalog) -> bytes:
    """The .mo file, the same whenever it is written."""
    catalog.creation_date = FIXED_DATE
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def untranslated(catalog: Catalog) -> list[str]:
    """The French messages without an English translation."""
    return [str(message.id) for message in catalog if message.id and not _is_complete(message)]


def _is_complete(message: Message) -> bool:
    if isinstance(message.string, str):
        return bool(message.string)
    return bool(message.string) and all(message.string or ())
