"""Brings the starter catalogue into the database, field by field, without touching what a curator changed."""

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

NOT_COLUMNS = {"organisation", "licence", "sources", "status"}
SOURCES = "sources"  # their name among the starter values
# The fields that the sources of a fact are for.
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
    """What a load did: rows by outcome, and the edits of curators that it left alone."""

    outcomes: Counter[str] = field(default_factory=Counter)
    kept_edits: list[str] = field(default_factory=list)


@transaction.atomic
def load_catalogue(catalogue: Catalogue) -> LoadReport:
    """Everything of the catalogue, or nothing. Raises CatalogueError when the files contradict themselves."""
    if faults := check_catalogue(catalogue):
        raise CatalogueError("\n".join(faults))
    report = LoadReport()
    for organisation in catalogue.organisations:
        _upsert(Organisation, organisation.slug, _organisation_values(organisation), report)
    for licence in catalogue.licences:
        _upsert(Licence, licence.slug, _licence_values(licence), report)
    organisations = {row.slug: row.pk for row in Organisation.objects.all()}
    licences = {row.slug: row.pk for row in Licence.objects.all()}
    for entry in catalogue.models:
        links = {"organisation_id": organisations[entry.organisation], "licence_id": licences[entry.licence]}
        row, brought = _upsert(LanguageModel, entry.slug, _model_values(entry) | links, report)
        _merge_sources(row, entry, brought, report)
        if brought is None and entry.status == "archived":
            LanguageModel.objects.filter(pk=row.pk).update(status=entry.status)
    return report


def _upsert(
    kind: type[models.Model], slug: str, values: Mapping[str, Any], report: LoadReport
) -> tuple[Any, set[str] | None]:
    """Creates the row, or brings the fields that nobody changed to the catalogue's values.

    Returns the row and the fields that were brought; None for a row that was created.
    """
    row: Any = kind._default_manager.filter(slug=slug).first()
    if row is None:
        report.outcomes["created"] += 1
        return kind._default_manager.create(slug=slug, starter_values=_json_values(values), **values), None
    changed = [name for name, value in _json_values(values).items() if row.starter_values.get(name) != value]
    report.outcomes["updated" if changed else "unchanged"] += 1
    return row, _merge_fields(row, changed, values, report) if changed else set()


def _merge_fields(row: Any, changed: list[str], values: Mapping[str, Any], report: LoadReport) -> set[str]:
    """Writes these fields alone, since a curator may be saving others; what a curator wrote stays."""
    present = _json_values({name: getattr(row, name) for name in changed})
    as_given = [name for name in changed if present[name] == row.starter_values.get(name)]
    report.kept_edits += [f"{row.slug}: {name}" for name in changed if name not in as_given]
    for name in as_given:
        setattr(row, name, values[name])
    row.starter_values |= _json_values(values)
    row.save(update_fields=[*as_given, "starter_values"])
    return set(as_given)


def _json_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as JSON gives them back, so that they can be compared with what was stored."""
    encoder = DjangoJSONEncoder()
    return {
        name: encoder.default(value) if hasattr(value, "isoformat") else value
        for name, value in values.items()
    }


def _organisation_values(entry: OrganisationEntry) -> dict[str, Any]:
    return {"name": entry.name, "country": entry.country, "site": entry.site}


def _licence_values(entry: LicenceEntry) -> dict[str, Any]:
    values = {name: getattr(entry, name) for name in entry.__dataclass_fields__ if name != "slug"}
    return {"kind": values.pop("licence_class"), **values}


def _model_values(entry: ModelEntry) -> dict[str, Any]:
    """The columns of a model; its status is the curators' own."""
    names = entry.__dataclass_fields__.keys() - NOT_COLUMNS - {"slug"}
    return {name: getattr(entry, name) for name in sorted(names)} | {"aliases": list(entry.aliases)}


def _merge_sources(
    row: LanguageModel, entry: ModelEntry, brought: set[str] | None, report: LoadReport
) -> None:
    """Where each fact can be read, as the catalogue says, unless a curator wrote the fact or its sources.

    brought: the fields that were just brought, None for all. A row of a version that did not note what
    sources it was given follows its facts.
    """
    wanted, given = _sources_by_fact(entry.sources), row.starter_values.get(SOURCES)
    if wanted == given:
        return
    present = _sources_by_fact(row.sources.order_by("pk"))
    for fact, fields in FACT_FIELDS.items():
        if wanted.get(fact) in ((given or {}).get(fact), present.get(fact)):
            continue
        follows = brought is None or bool(fields & brought)
        if given is not None:
            follows = present.get(fact) == given.get(fact) and not _is_curated(row, fields)
        if follows:
            row.sources.filter(fact=fact).delete()
            _add_sources(row, [source for source in entry.sources if source.fact == fact])
        else:
            report.kept_edits.append(f"{row.slug}: {SOURCES} ({fact})")
    row.starter_values[SOURCES] = wanted
    row.save(update_fields=["starter_values"])


def _sources_by_fact(sources: Iterable[SourceEntry | Source]) -> dict[str, list[list[str | None]]]:
    """Link, title and date of each source, by fact."""
    told: dict[str, list[list[str | None]]] = {}
    for source in sources:
        day = source.read_on.isoformat() if source.read_on else None
        told.setdefault(source.fact, []).append([source.link, source.title, day])
    return told


def _is_curated(row: LanguageModel, fields: Collection[str]) -> bool:
    """Whether a curator wrote one of these fields."""
    present = _json_values({name: getattr(row, name) for name in fields})
    return any(row.starter_values.get(name) != value for name, value in present.items())


def _add_sources(row: LanguageModel, sources: Iterable[SourceEntry]) -> None:
    Source.objects.bulk_create(
        Source(model=row, fact=source.fact, link=source.link, title=source.title, read_on=source.read_on)
        for source in sources
    )
