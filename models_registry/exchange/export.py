"""Export the registry to files that `parse` reads back: JSON with everything, CSV with a line per model."""

import csv
import io
import json
from datetime import date
from typing import Any

from django.db import models

from models_registry.forms import (
    ENDPOINT_FIELDS,
    LANGUAGE_MODEL_FIELDS,
    LICENCE_FIELDS,
    ORGANISATION_FIELDS,
    SOURCE_FIELDS,
)
from models_registry.models import Endpoint, LanguageModel, Licence, Organisation, Source
from web.csv_cells import escape_cell

FORMAT = "conso-duel-registry"
VERSION = 2  # 1 had other names for three fields of an endpoint, which `parse` still reads
SOURCES_COLUMN = "sources"
LIST_SEPARATOR = "\n"  # inside a cell: one name, or one source, per line
SOURCE_SEPARATOR = " | "  # fact | date read | link | title; the title comes last, it may hold anything


def export_json() -> str:
    """All organisations, licences and models; of API keys, only the names of their variables."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        "organisations": [row_values(row, ORGANISATION_FIELDS) for row in Organisation.objects.all()],
        "licences": [row_values(row, LICENCE_FIELDS) for row in Licence.objects.all()],
        "models": [_model_values(model) for model in _models()],
    }
    return json.dumps(document, ensure_ascii=False, indent=1, default=str) + "\n"


def export_csv() -> str:
    """One line per model with its sources; endpoints are in the JSON export only."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, [*LANGUAGE_MODEL_FIELDS, SOURCES_COLUMN], lineterminator="\r\n")
    writer.writeheader()
    for model in _models():
        sources = LIST_SEPARATOR.join(source_line(source) for source in model.sources.all())
        cells = {name: _csv_cell(value) for name, value in row_values(model, LANGUAGE_MODEL_FIELDS).items()}
        writer.writerow(
            {name: escape_cell(cell) for name, cell in {**cells, SOURCES_COLUMN: sources}.items()}
        )
    return text.getvalue()


def row_values(row: models.Model, names: tuple[str, ...]) -> dict[str, Any]:
    """Values of these fields as a file holds them: related rows by slug, dates in ISO format."""
    return {name: _json_value(getattr(row, name)) for name in names}


def source_line(source: Source) -> str:
    """A source as one line of a cell: fact | date read | link | title."""
    read_on = source.read_on.isoformat() if source.read_on else ""
    return SOURCE_SEPARATOR.join((source.fact, read_on, source.link, source.title))


def source_values(source: Source) -> dict[str, Any]:
    return {"fact": source.fact, **row_values(source, SOURCE_FIELDS)}


def endpoint_values(endpoint: Endpoint) -> dict[str, Any]:
    return row_values(endpoint, ENDPOINT_FIELDS)


def _models() -> models.QuerySet[LanguageModel]:
    linked = LanguageModel.objects.select_related("organisation", "licence")
    return linked.prefetch_related("sources", "endpoints").order_by("slug")


def _model_values(model: LanguageModel) -> dict[str, Any]:
    return {
        **row_values(model, LANGUAGE_MODEL_FIELDS),
        "sources": [source_values(source) for source in model.sources.all()],
        "endpoints": [endpoint_values(endpoint) for endpoint in model.endpoints.all()],
    }


def _json_value(value: Any) -> Any:
    if isinstance(value, Organisation | Licence):
        return value.slug
    return value.isoformat() if isinstance(value, date) else value


def _csv_cell(value: Any) -> Any:
    """Write lists as lines, booleans as true or false, whole numbers without « .0 »."""
    if isinstance(value, list):
        return LIST_SEPARATOR.join(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return int(value) if isinstance(value, float) and value.is_integer() else value
