"""Read the starter catalogue: TOML files, one per organisation and one for the licences."""

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

Entry = TypeVar("Entry")


class CatalogueError(ValueError):
    """A file of the catalogue is invalid; the message names the file, the entry and the error."""


@dataclass(frozen=True, slots=True)
class OrganisationEntry:
    """A publisher of models; country is an ISO 3166 code of two letters (EU for a European consortium)."""

    slug: str
    name: str
    country: str
    site: str


@dataclass(frozen=True, slots=True)
class LicenceEntry:
    """Terms of a licence, with one plain sentence per language."""

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
    """Page that states a fact; `checked` is False when it was cited from memory and not opened."""

    fact: Fact
    link: str
    title: str
    read_on: date | None = None
    checked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelEntry:
    """A language model; sizes in billions of parameters, None when unpublished.

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
        """All names of the model in lower case, its slug first."""
        return (self.slug.casefold(), *(alias.casefold() for alias in self.aliases))


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Content of all files, in their order."""

    organisations: tuple[OrganisationEntry, ...]
    licences: tuple[LicenceEntry, ...]
    models: tuple[ModelEntry, ...]

    def by_name(self) -> dict[str, ModelEntry]:
        """Models by slug and alias, in lower case."""
        return {name: model for model in self.models for name in model.names()}


def read_catalogue(folder: Path = CATALOGUE_FOLDER) -> Catalogue:
    """Read all files of the folder, unchecked; raises CatalogueError when a file has an unexpected form."""
    licences_path = folder / LICENCES_FILE
    licences = tuple(
        _build(LicenceEntry, row, licences_path) for row in _parse(licences_path).get("licences", [])
    )
    paths = sorted(path for path in folder.glob("*.toml") if path.name != LICENCES_FILE)
    read = [read_organisation(path) for path in paths]
    return Catalogue(
        organisations=tuple(organisation for organisation, _ in read),
        licences=licences,
        models=tuple(model for _, models in read for model in models),
    )


def read_organisation(path: Path) -> tuple[OrganisationEntry, tuple[ModelEntry, ...]]:
    """Read the file of an organisation: the organisation and its models."""
    document = _parse(path)
    organisation = _build(OrganisationEntry, document.get("organisation", {}), path)
    models = (_build_model(row, organisation.slug, path) for row in document.get("models", []))
    return organisation, tuple(models)


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{path.name}: {error}") from error


def _build_model(row: dict[str, Any], organisation: str, path: Path) -> ModelEntry:
    sources = tuple(source for page in row.get("sources", []) for source in _build_sources(page, path))
    lists = {"aliases": tuple(row.get("aliases", [])), "sources": sources}
    return _build(ModelEntry, {**row, **lists, "organisation": organisation}, path)


def _build_sources(page: dict[str, Any], path: Path) -> Iterator[SourceEntry]:
    """One source for each fact of the page: the file lists a page once with all its facts."""
    rest = {key: value for key, value in page.items() if key != "facts"}
    for fact in page.get("facts", []):
        yield _build(SourceEntry, {**rest, "fact": fact}, path)


def _build(entry_class: type[Entry], row: dict[str, Any], path: Path) -> Entry:
    try:
        return entry_class(**row)
    except TypeError as error:  # a missing or an unknown field
        name = row.get("slug") or row.get("link") or "?"
        raise CatalogueError(f"{path.name}, {name}: {error}") from error
