"""Parse an uploaded file into rows to compare with the registry; uses no database."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from models_registry.exchange import comparia
from models_registry.exchange.export import FORMAT, SOURCE_SEPARATOR, SOURCES_COLUMN
from models_registry.forms import LANGUAGE_MODEL_FIELDS
from web.csv_cells import unescape_cell

MAX_CHARACTERS = 1_000_000  # more than a thousand models
MAX_COLUMNS = 200  # the export has a quarter of it
MAX_ROWS = 1_000  # organisations, licences and models together
UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")  # what a database does not store as text
NUMBER_COLUMNS = {name for name in LANGUAGE_MODEL_FIELDS if name.endswith("_b")} | {"weight_bits"}
BOOLEAN_COLUMNS = ("disclosed", "reasoning")
ENDPOINT_NAMES_OF_VERSION_1 = {
    "remote_name": "provider_model",
    "key_variable": "api_key_env",
    "extra": "extra_body",
}
DATES = ("release_date", "read_on")
MAX_NUMBER = 10**15
OPTIONS = ("extra_body", "extra")  # any JSON: the form says what it must be
TRUE_WORDS, FALSE_WORDS = {"true", "vrai", "oui", "1"}, {"false", "faux", "non", "0"}


class UnreadableFile(ValueError):
    """The file has no known format; the message is a sentence for the curator."""


class RowKind(StrEnum):
    ORGANISATION = "organisation"
    LICENCE = "licence"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class FileRow:
    """An organisation, a licence or a model of a file.

    place: position in the file. values: fields as written; a missing field is left unchanged.
    names: aliases to find a stored model by. fill_only: write empty fields and change no others.
    sources, endpoints: None leaves them unchanged. errors: reasons why the row is unreadable.
    notes: remarks for the curator.
    """

    kind: RowKind
    place: str
    slug: str
    values: Mapping[str, Any]
    sources: Sequence[Mapping[str, Any]] | None = None
    endpoints: Sequence[Mapping[str, Any]] | None = None
    names: Sequence[str] = ()
    fill_only: bool = False
    errors: Sequence[str] = ()
    notes: Sequence[str] = field(default=())


def parse_file(text: str) -> list[FileRow]:
    """Parse a JSON or CSV export of the registry, or compar:IA's JSON. Raises UnreadableFile."""
    if len(text) > MAX_CHARACTERS:
        raise UnreadableFile(_("Ce fichier est trop grand pour un registre de modèles."))
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")  # forms submit line ends as CRLF
    _check_storable([text])
    rows = _parse_json(text) if text.lstrip().startswith(("{", "[")) else _parse_csv(text)
    if not rows:
        raise UnreadableFile(_("Ce fichier ne contient aucune fiche."))
    return rows


def _check_storable(texts: Iterable[str]) -> None:
    if any(UNSTORABLE.search(text) for text in texts):
        raise UnreadableFile(
            _("Ce fichier contient un caractère qui n’est pas du texte (NUL, ou la moitié d’un caractère).")
        )


def _check_row_count(count: int) -> None:
    if count > MAX_ROWS:
        raise UnreadableFile(
            _("Ce fichier a plus de %(count)d fiches : importez-le en plusieurs fois.") % {"count": MAX_ROWS}
        )


def _parse_json(text: str) -> list[FileRow]:
    document = _load_json(text)
    if isinstance(document, dict) and document.get("format") == FORMAT:
        return _registry_rows(document)
    if comparia.is_comparia_file(document):
        _check_row_count(len(document["models"]))
        return [_comparia_row(entry) for entry in comparia.parse_models(document)]
    raise UnreadableFile(
        _("Ce JSON n’est ni un export de ce registre, ni le fichier des modèles de compar:IA.")
    )


def _load_json(text: str) -> Any:
    """The document; raises UnreadableFile for one that is malformed, or that JSON leaves to each reader."""
    try:
        document = json.loads(text, object_pairs_hook=_unambiguous)
    except RecursionError as error:
        raise UnreadableFile(_("Ce JSON est emboîté trop profondément.")) from error
    except UnreadableFile:
        raise
    except ValueError as error:
        raise UnreadableFile(_("Ce JSON est mal formé : %(error)s") % {"error": error}) from error
    _check_storable(_texts(document))
    return document


def _unambiguous(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if (twice := _first_twice(name for name, _value in pairs)) is not None:
        raise UnreadableFile(_("« %(name)s » est deux fois au même endroit de ce JSON.") % {"name": twice})
    return dict(pairs)


def _first_twice(names: Iterable[str]) -> str | None:
    seen = set[str]()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None


def _texts(document: Any) -> Iterator[str]:
    """Every text of a document, names of fields included."""
    left = [document]
    while left:
        value = left.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            left += [*value, *value.values()]
        elif isinstance(value, list):
            left += value


def _registry_rows(document: Mapping[str, Any]) -> list[FileRow]:
    rows: list[FileRow] = []
    lists = (
        ("organisations", RowKind.ORGANISATION),
        ("licences", RowKind.LICENCE),
        ("models", RowKind.MODEL),
    )
    for name, kind in lists:
        entries = document.get(name, [])
        if not isinstance(entries, list):
            raise UnreadableFile(_("« %(part)s » devrait être une liste.") % {"part": name})
        _check_row_count(len(rows) + len(entries))
        rows += [_registry_row(kind, _place(kind, number), entry) for number, entry in enumerate(entries, 1)]
    return rows


def _place(kind: RowKind, number: int) -> str:
    """Where an entry stands in a JSON file; the first of its list has the number 1."""
    words = {
        RowKind.ORGANISATION: _("organisation nº %(number)d"),
        RowKind.LICENCE: _("licence nº %(number)d"),
        RowKind.MODEL: _("modèle nº %(number)d"),
    }
    return words[kind] % {"number": number}


def _registry_row(kind: RowKind, place: str, entry: Any) -> FileRow:
    if not isinstance(entry, dict) or not isinstance(entry.get("slug"), str):
        return FileRow(kind, place, "?", {}, errors=[_("Cette fiche n’a pas d’identifiant (« slug »).")])
    values = {name: value for name, value in entry.items() if name not in ("sources", "endpoints")}
    sources, endpoints = entry.get("sources"), entry.get("endpoints")
    lists = (("sources", sources), ("endpoints", endpoints))
    errors = [
        _("« %(part)s » devrait être une liste.") % {"part": name}
        for name, rows in lists
        if rows is not None and not (isinstance(rows, list) and all(isinstance(row, dict) for row in rows))
    ]
    if not errors:
        errors = [
            error for row in (values, *(sources or ()), *(endpoints or ())) for error in _value_errors(row)
        ]
    if errors:
        return FileRow(kind, place, entry["slug"], values, errors=errors)
    if endpoints is not None:
        endpoints = [
            {ENDPOINT_NAMES_OF_VERSION_1.get(name, name): value for name, value in endpoint.items()}
            for endpoint in endpoints
        ]
    return FileRow(kind, place, entry["slug"], values, sources, endpoints)


def _value_errors(values: Mapping[str, Any]) -> Iterator[str]:
    """Errors of values of a kind that no field of the forms has; what the values say is for the forms."""
    for name, value in values.items():
        is_names = isinstance(value, list) and all(isinstance(item, str) for item in value)
        if name in OPTIONS and isinstance(value, bool):
            yield _("« %(name)s » devrait être un objet JSON.") % {"name": name}
        elif name in DATES and not isinstance(value, str | None):
            yield _("« %(name)s » devrait être une date, comme 2026-05-04.") % {"name": name}
        elif isinstance(value, dict | list) and not (name in OPTIONS or (name == "aliases" and is_names)):
            yield _("« %(name)s » devrait être un texte ou un nombre.") % {"name": name}
        elif isinstance(value, int) and abs(value) > MAX_NUMBER:
            yield _("« %(name)s » est un nombre trop grand.") % {"name": name}


def _comparia_row(entry: comparia.ComparIAModel) -> FileRow:
    return FileRow(
        RowKind.MODEL,
        entry.name,
        entry.slug,
        entry.values,
        sources=entry.sources,
        names=entry.names,
        fill_only=True,
        errors=entry.errors,
        notes=entry.notes,
    )


def _parse_csv(text: str) -> list[FileRow]:
    first_line = text.partition("\n")[0]
    delimiter = max(",;\t", key=first_line.count)
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        names = reader.fieldnames or ()
        if "slug" not in names:
            raise UnreadableFile(_("La première ligne doit nommer les colonnes, dont « slug »."))
        if len(names) > MAX_COLUMNS:
            raise UnreadableFile(_("Ce CSV a plus de %(count)d colonnes.") % {"count": MAX_COLUMNS})
        if twice := _first_twice(filter(None, names)):
            raise UnreadableFile(_("La colonne « %(name)s » est deux fois dans ce CSV.") % {"name": twice})
        rows = []
        for cells in reader:
            if any(cells.values()):
                rows.append(_csv_row(reader.line_num, cells))
                _check_row_count(len(rows))
        return rows
    except csv.Error as error:
        raise UnreadableFile(_("Ce CSV est mal formé : %(error)s") % {"error": error}) from error


def _csv_row(line: int, cells: dict[str | None, Any]) -> FileRow:
    place = _("ligne %(line)d") % {"line": line}
    errors = [_("Cette ligne a plus de cases que de colonnes.")] if None in cells else []
    values: dict[str, Any] = {
        name: unescape_cell(cell) for name, cell in cells.items() if name and cell is not None
    }
    cell = values.pop(SOURCES_COLUMN, None)
    try:
        sources = (
            None if cell is None else [_parse_source(line) for line in cell.splitlines() if line.strip()]
        )
    except ValueError as error:
        sources, errors = None, [*errors, str(error)]
    errors += _boolean_errors(values)
    values = {name: _convert_cell(name, cell) for name, cell in values.items()}
    return FileRow(RowKind.MODEL, place, values.get("slug", ""), values, sources, errors=errors)


def _parse_source(line: str) -> dict[str, Any]:
    cells = line.split(SOURCE_SEPARATOR, 3)
    if len(cells) != 4:
        raise ValueError(
            _("Source illisible : « %(line)s » ; on attend « fait | date | lien | titre ».") % {"line": line}
        )
    return dict(zip(("fact", "read_on", "link", "title"), cells, strict=True))


def _boolean_errors(values: Mapping[str, Any]) -> list[str]:
    """Errors of boolean cells that hold neither yes nor no."""
    cells = ((name, str(values.get(name) or "false")) for name in BOOLEAN_COLUMNS)
    return [
        _("« %(cell)s » dans « %(name)s » : écrivez « oui » ou « non ».") % {"cell": cell, "name": name}
        for name, cell in cells
        if cell.strip().lower() not in TRUE_WORDS | FALSE_WORDS
    ]


def _convert_cell(name: str, cell: str) -> str | bool:
    """Read numbers and booleans as spreadsheets in French write them: 3,6 and VRAI."""
    if name in NUMBER_COLUMNS:
        return cell.replace(",", ".")
    return cell.strip().lower() in TRUE_WORDS if name in BOOLEAN_COLUMNS else cell
