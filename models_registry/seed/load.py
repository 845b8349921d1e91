"""Load the starter catalogue into the database, field by field; fields that a curator edited stay.

`starter_values` holds the values that a row was last loaded with: a field that still equals its starter value
may be updated, any other was edited by a curator.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from models_registry.models import LanguageModel, Licence, Organisation, Source
from models_registry.seed.check import check_catalogue
from models_registry.seed.read import (
    Catalogue,
    CatalogueError,
    LicenceEntry,
    ModelEntry,
    OrganisationEntry,
    SourceEntry,
)

NOT_COLUMNS = {"slug", "organisation", "licence", "sources", "status"}
SOURCES = "sources"  # key of the sources in starter_values
# Fields that the sources of a fact support.
FACT_FIELDS: Mapping[str, set[str]] = {
    Source.Fact.SIZE: {
        "disclosed",
        "total_params_b",
        "active_params_b",
        "effective_params_b",
        "hypothesis_low_b",
        "hypothesis_high_b",
        "hypothesis_active_low_b",
        "hypothesis_active_high_b",
    },
    Source.Fact.ARCHITECTURE: {"architecture", "experts_total", "experts_active"},
    Source.Fact.LICENCE: {"licence_id"},
    Source.Fact.DATE: {"release_date", "release_precision"},
}


@dataclass(slots=True)
class LoadReport:
    """Rows by outcome (created, updated, unchanged), and the curators' edits that were preserved."""

    outcomes: Counter[str] = field(default_factory=Counter)
    preserved_edits: list[str] = field(default_factory=list)


@transaction.atomic
def load_catalogue(catalogue: Catalogue) -> LoadReport:
    """Load the whole catalogue or nothing; raises CatalogueError when `check_catalogue` finds errors."""
    if errors := check_catalogue(catalogue):
        raise CatalogueError("\n".join(errors))
    report = LoadReport()
    for organisation in catalogue.organisations:
        _upsert(Organisation, organisation.slug, _values(organisation), report)
    for licence in catalogue.licences:
        values = _values(licence)
        values["kind"] = values.pop("licence_class")
        _upsert(Licence, licence.slug, values, report)
    organisations = {row.slug: row.pk for row in Organisation.objects.all()}
    licences = {row.slug: row.pk for row in Licence.objects.all()}
    for entry in catalogue.models:
        links = {"organisation_id": organisations[entry.organisation], "licence_id": licences[entry.licence]}
        values = _values(entry) | {"aliases": list(entry.aliases)} | links
        row, updated = _upsert(LanguageModel, entry.slug, values, report)
        _merge_sources(row, entry, updated, report)
        if updated is None and entry.status == "archived":
            LanguageModel.objects.filter(pk=row.pk).update(status=entry.status)
    return report


def _values(entry: OrganisationEntry | LicenceEntry | ModelEntry) -> dict[str, Any]:
    """Fields of the entry that are columns of its table; a model's status belongs to the curators."""
    return {name: getattr(entry, name) for name in entry.__dataclass_fields__ if name not in NOT_COLUMNS}


def _upsert(
    table: type[models.Model], slug: str, values: Mapping[str, Any], report: LoadReport
) -> tuple[Any, set[str] | None]:
    """Create the row, or update the fields that no curator edited.

    Returns the row and the names of the updated fields; None instead of names for a new row.
    """
    row: Any = table._default_manager.filter(slug=slug).first()
    if row is None:
        report.outcomes["created"] += 1
        return table._default_manager.create(slug=slug, starter_values=_json_values(values), **values), None
    changed = [name for name, value in _json_values(values).items() if row.starter_values.get(name) != value]
    report.outcomes["updated" if changed else "unchanged"] += 1
    return row, _merge_fields(row, changed, values, report) if changed else set()


def _merge_fields(row: Any, changed: list[str], values: Mapping[str, Any], report: LoadReport) -> set[str]:
    """Update the changed fields that no curator edited; returns their names."""
    current = _json_values({name: getattr(row, name) for name in changed})
    unedited = [name for name in changed if current[name] == row.starter_values.get(name)]
    report.preserved_edits += [f"{row.slug}: {name}" for name in changed if name not in unedited]
    for name in unedited:
        setattr(row, name, values[name])
    row.starter_values |= _json_values(values)
    row.save(update_fields=[*unedited, "starter_values"])  # only these: a curator may be saving others
    return set(unedited)


def _json_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as they come back from a JSON column, to compare them with starter_values."""
    encoder = DjangoJSONEncoder()
    return {
        name: encoder.default(value) if hasattr(value, "isoformat") else value
        for name, value in values.items()
    }


def _merge_sources(
    row: LanguageModel, entry: ModelEntry, updated: set[str] | None, report: LoadReport
) -> None:
    """Replace the sources of each fact by the catalogue's, unless a curator edited the fact or its sources.

    updated: names of the fields just updated, None for a new row. Rows loaded before sources were recorded in
    starter_values take the sources of the facts that were updated.
    """
    wanted, loaded = _sources_by_fact(entry.sources), row.starter_values.get(SOURCES)
    if wanted == loaded:
        return
    current = {} if updated is None else _sources_by_fact(row.sources.order_by("pk"))
    replaced = []
    for fact, fields in FACT_FIELDS.items():
        if wanted.get(fact) in ((loaded or {}).get(fact), current.get(fact)):
            continue
        if loaded is None:
            replace = updated is None or bool(fields & updated)
        else:
            replace = current.get(fact) == loaded.get(fact) and not _is_edited(row, fields)
        if replace:
            replaced.append(fact)
        else:
            report.preserved_edits.append(f"{row.slug}: {SOURCES} ({fact})")
    if updated is not None:
        row.sources.filter(fact__in=replaced).delete()
    Source.objects.bulk_create(
        Source(model=row, fact=fact, link=source.link, title=source.title, read_on=source.read_on)
        for fact in replaced
        for source in entry.sources
        if source.fact == fact
    )
    row.starter_values[SOURCES] = wanted
    row.save(update_fields=["starter_values"])


def _sources_by_fact(sources: Iterable[SourceEntry | Source]) -> dict[str, list[list[str | None]]]:
    """Link, title and reading date of each source, by fact."""
    by_fact: dict[str, list[list[str | None]]] = {}
    for source in sources:
        read_on = source.read_on.isoformat() if source.read_on else None
        by_fact.setdefault(source.fact, []).append([source.link, source.title, read_on])
    return by_fact


def _is_edited(row: LanguageModel, fields: Collection[str]) -> bool:
    """Whether a curator edited one of these fields."""
    current = _json_values({name: getattr(row, name) for name in fields})
    return any(row.starter_values.get(name) != value for name, value in current.items())
