"""The starter catalogue: readable TOML files, one per organisation, turned into values."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeVar

CATALOGUE_FOLDER = Path(__file__).parent / "catalogue"
LICENCES_FILE = "licences.toml"

Architecture = Literal["dense", "mixture_of_experts", "matformer", "undisclosed"]
Fact = Literal["size", "architecture", "licence", "date"]
LicenceClass = Literal["proprietary", "open_weights", "open_source"]
Permission = Literal["yes", "no", "conditions"]
Precision = Literal["day", "month"]
Status = Literal["draft", "enabled", "archived"]

Kind = TypeVar("Kind")


class CatalogueError(ValueError):
    """A file of the catalogue that cannot be read: which file, which entry, what is wrong."""


@dataclass(frozen=True, slots=True)
class OrganisationEntry:
    """Who publishes models; country is an ISO 3166 code of two letters (EU for a European consortium)."""

    slug: str
    name: str
    country: str
    site: str


@dataclass(frozen=True, slots=True)
class LicenceEntry:
    """What a licence allows, with one plain sentence per language."""

    slug: str
    name: str
    link: str
    licence_class: LicenceClass
    commercial_use: Permission
    outputs_reuse: Permission
    sentence_fr: str
    sentence_en: str


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """Where one fact can be read; `checked` is False when the page was named from memory and not opened."""

    fact: Fact
    link: str
    title: str
    read_on: date | None = None
    checked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelEntry:
    """One language model; sizes in billions of parameters, None where nothing is published.

    `weight_bits` is the mean precision of the released weights (16, 8, 4.25 for MXFP4).
    `experts_active` counts the experts chosen for each token, without the shared ones.
    """

    slug: str
    name: str
    organisation: str
    licence: str
    release_date: date
    release_precision: Precision = "day"
    architecture: Architecture
    disclosed: bool = True
    total_params_b: float | None = None
    active_params_b: float | None = None
    effective_params_b: float | None = None
    experts_total: int | None = None
    experts_active: int | None = None
    weight_bits: float | None = None
    hypothesis_low_b: float | None = None
    hypothesis_high_b: float | None = None
    hypothesis_active_low_b: float | None = None
    hypothesis_active_high_b: float | None = None
    hypothesis_why_fr: str = ""
    hypothesis_why_en: str = ""
    reasoning: bool = False
    context_window_tokens: int | None = None
    tokenizer_family: str = "other"
    description_fr: str
    description_en: str
    good_to_know_fr: str = ""
    good_to_know_en: str = ""
    status: Status = "draft"
    aliases: tuple[str, ...] = ()
    sources: tuple[SourceEntry, ...] = ()

    def names(self) -> tuple[str, ...]:
        """Every name the model is known under, its slug first, in lower case."""
        return (self.slug.casefold(), *(alias.casefold() for alias in self.aliases))


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything the files hold, in the order of the files."""

    organisations: tuple[OrganisationEntry, ...]
    licences: tuple[LicenceEntry, ...]
    models: tuple[ModelEntry, ...]

    def by_name(self) -> dict[str, ModelEntry]:
        """Each slug and alias, in lower case, with its model."""
        return {name: model for model in self.models for name in model.names()}


def read_catalogue(folder: Path = CATALOGUE_FOLDER) -> Catalogue:
    """All entries of the folder, unchecked. Raises CatalogueError when a file is not of the expected form."""
    licences = _read_licences(folder / LICENCES_FILE)
    files = sorted(path for path in folder.glob("*.toml") if path.name != LICENCES_FILE)
    read = [read_organisation(path) for path in files]
    models = tuple(model for _, its_models in read for model in its_models)
    return Catalogue(tuple(organisation for organisation, _ in read), licences, models)


def read_organisation(path: Path) -> tuple[OrganisationEntry, tuple[ModelEntry, ...]]:
    """The organisation of one file and its models."""
    document = _parse(path)
    organisation = _build(OrganisationEntry, document.get("organisation", {}), path)
    models = (_model(row, organisation.slug, path) for row in document.get("models", []))
    return organisation, tuple(models)


def _read_licences(path: Path) -> tuple[LicenceEntry, ...]:
    rows = _parse(path).get("licences", [])
    return tuple(_build(LicenceEntry, row, path) for row in rows)


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{path.name}: {error}") from error


def _model(row: dict[str, Any], organisation: str, path: Path) -> ModelEntry:
    sources = tuple(source for row in row.get("sources", []) for source in _sources(row, path))
    lists = {"aliases": tuple(row.get("aliases", [])), "sources": sources}
    return _build(ModelEntry, {**row, **lists, "organisation": organisation}, path)


def _sources(row: dict[str, Any], path: Path) -> Iterator[SourceEntry]:
    """One source per fact: a page often settles several, and the file names it once."""
    rest = {key: value for key, value in row.items() if key != "facts"}
    for fact in row.get("facts", []):
        yield _build(SourceEntry, {**rest, "fact": fact}, path)


def _build(kind: type[Kind], row: dict[str, Any], path: Path) -> Kind:
    try:
        return kind(**row)
    except TypeError as error:  # a field missing, or one that the dataclass does not know
        name = row.get("slug") or row.get("link") or "?"
        raise CatalogueError(f"{path.name}, {name}: {error}") from error
