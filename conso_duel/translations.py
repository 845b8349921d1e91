"""The English catalogue: collected from code and templates, compiled, without gettext's own programs.

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

FOLDERS = ("web", "conso_duel", "leaderboard", "learn", "duels", "models_registry", "templates")
PLURAL = (1, 2)
WITH_CONTEXT = ((1, "c"), 2)
ANY_DAY = datetime(2026, 1, 1, tzinfo=UTC)  # the compiled header has a date: today's would change the file
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": PLURAL,
    "ngettext_lazy": PLURAL,
    "pgettext": WITH_CONTEXT,
    "pgettext_lazy": WITH_CONTEXT,
    "npgettext": (*WITH_CONTEXT, 3),
    "npgettext_lazy": (*WITH_CONTEXT, 3),
}


def po_path() -> Path:
    return Path(settings.BASE_DIR) / "locale" / "en" / "LC_MESSAGES" / "django.po"


def french_mo_path() -> Path:
    return Path(settings.BASE_DIR) / "locale" / "fr" / "LC_MESSAGES" / "django.mo"


def french_plurals() -> Catalog:
    """The marked strings that have a plural, each its own translation: those follow the rule of French."""
    catalog = Catalog(locale="fr", project="Conso Duel", fuzzy=False)
    for message in collected():
        if isinstance(message.id, tuple):
            catalog.add(message.id, message.id, context=message.context)
    return catalog


def collected() -> Catalog:
    """Every string that the code and the templates mark, without translations."""
    catalog = Catalog(project="Conso Duel", fuzzy=False)
    for path in _sources(Path(settings.BASE_DIR)):
        for _line, message, comments, context in _marked(path):
            place = path.relative_to(settings.BASE_DIR).as_posix()
            catalog.add(message, locations=[(place, 0)], auto_comments=comments, context=context)
    return catalog


def _sources(base: Path) -> Iterator[Path]:
    for folder in FOLDERS:
        files = (base / folder).rglob("*")
        yield from sorted(path for path in files if path.suffix in (".py", ".html", ".txt"))


def _marked(path: Path) -> list[Any]:
    """The marked strings of one file; Babel's JavaScript reader is the one that bears a template's shape."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return list(extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS))
    python_like = templatize(text, origin=str(path)).encode()
    return list(extract("javascript", io.BytesIO(python_like), keywords=KEYWORDS))


def read() -> Catalog:
    """The committed translations; an empty catalogue before the first."""
    path = po_path()
    if not path.exists():
        return Catalog(locale="en", project="Conso Duel", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale="en")


def updated() -> Catalog:
    """The committed translations of the strings that are marked now; new ones stand there untranslated."""
    catalog = read()
    catalog.update(collected(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    return catalog


def po_bytes(catalog: Catalog) -> bytes:
    """The catalogue as a text that changes only when a string does."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=100, omit_header=False, include_lineno=False, sort_output=True)
    lines = buffer.getvalue().decode().splitlines(keepends=True)
    unsteady = ('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By', '"Report-Msgid-Bugs-To')
    return "".join(line for line in lines if not line.startswith(unsteady)).encode()


def mo_bytes(catalog: Catalog) -> bytes:
    """The catalogue as Django reads it, the same whenever it is written."""
    catalog.creation_date = ANY_DAY
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def untranslated(catalog: Catalog) -> list[str]:
    """The French strings that have no English."""
    return [str(message.id) for message in catalog if message.id and not _is_complete(message)]


def _is_complete(message: Message) -> bool:
    if isinstance(message.string, str):
        return bool(message.string)
    return bool(message.string) and all(message.string or ())
