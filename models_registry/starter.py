"""The starter catalogue: readable TOML files, one per organisation, turned into checked values.

The files stay citable alone: what they say is refused by the same rules as what a curator writes.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeVar

from models_registry.validation import FACTS as FACT_NAMES
from models_registry.validation import fact_faults

CATALOGUE_FOLDER = Path(__file__).parent / "catalogue"
LICENCES_FILE = "licences.toml"

Architecture = Literal["dense", "mixture_of_experts", "matformer", "undisclosed"]
Fact = Literal["size", "architecture", "licence", "date"]
LicenceClass = Literal["proprietary", "open_weights", "open_source"]
Permission = Literal["yes", "no", "conditions"]
Precision = Literal["day", "month"]
Status = Literal["draft", "enabled", "archived"]

ARCHITECTURES: tuple[str, ...] = ("dense", "mixture_of_experts", "matformer", "undisclosed")
FACTS: tuple[Fact, ...] = ("size", "architecture", "licence", "date")
LICENCE_CLASSES: tuple[str, ...] = ("proprietary", "open_weights", "open_source")
PERMISSIONS: tuple[str, ...] = ("yes", "no", "conditions")
PRECISIONS: tuple[str, ...] = ("day", "month")
STATUSES: tuple[str, ...] = ("draft", "enabled", "archived")
TOKENIZER_FAMILIES: tuple[str, ...] = (
    "cl100k", "o200k", "llama2", "llama3", "llama4", "mistral_v1", "tekken", "gemma2", "gemma3", "gemma4",
    "qwen", "deepseek_v3", "phi3", "command_r", "glm4", "kimi_k2", "smollm2", "other",
)  # fmt: skip

Kind = TypeVar("Kind")

SLUG = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
COUNTRY = re.compile(r"[A-Z]{2}")


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


Entry = OrganisationEntry | LicenceEntry | ModelEntry


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


def check(entry: Entry) -> list[str]:
    """What is wrong with one entry, in French sentences; empty when nothing is."""
    match entry:
        case OrganisationEntry():
            return list(_organisation_faults(entry))
        case LicenceEntry():
            return list(_licence_faults(entry))
        case ModelEntry():
            return [fault for faults in MODEL_CHECKS for fault in faults(entry)]


def check_catalogue(catalogue: Catalogue) -> list[str]:
    """What is wrong with the whole: each entry's faults, unknown references, names given twice."""
    entries: tuple[Entry, ...] = (*catalogue.organisations, *catalogue.licences, *catalogue.models)
    faults = [f"{entry.slug} : {fault}" for entry in entries for fault in check(entry)]
    return [
        *faults,
        *_unknown_references(catalogue),
        *_open_models_without_precision(catalogue),
        *_names_given_twice(catalogue),
    ]


def _organisation_faults(entry: OrganisationEntry) -> Iterator[str]:
    yield from _slug_faults(entry.slug)
    if not entry.name:
        yield "nom absent"
    if not COUNTRY.fullmatch(entry.country):
        yield f"pays inconnu : « {entry.country} » n’est pas un code ISO de deux lettres"
    yield from _link_faults(entry.site)


def _licence_faults(entry: LicenceEntry) -> Iterator[str]:
    yield from _slug_faults(entry.slug)
    yield from _link_faults(entry.link)
    yield from _choice_faults("classe de licence", entry.licence_class, LICENCE_CLASSES)
    yield from _choice_faults("usage commercial", entry.commercial_use, PERMISSIONS)
    yield from _choice_faults("réutilisation des réponses", entry.outputs_reuse, PERMISSIONS)
    if not (entry.sentence_fr and entry.sentence_en):
        yield "phrase de licence absente en français ou en anglais"


def _identity_faults(model: ModelEntry) -> Iterator[str]:
    yield from _slug_faults(model.slug)
    yield from _choice_faults("architecture", model.architecture, ARCHITECTURES)
    yield from _choice_faults("précision de la date", model.release_precision, PRECISIONS)
    yield from _choice_faults("état", model.status, STATUSES)
    yield from _choice_faults("découpage en jetons", model.tokenizer_family, TOKENIZER_FAMILIES)
    if not (model.description_fr and model.description_en):
        yield "description absente en français ou en anglais"
    if bool(model.good_to_know_fr) != bool(model.good_to_know_en):
        yield "« à savoir » écrit dans une seule langue"
    if model.release_precision == "month" and model.release_date.day != 1:
        yield "date au mois près : le jour doit être le premier du mois"


def _contradictions(model: ModelEntry) -> Iterator[str]:
    yield from (f"{fault.field} : {fault.sentence}" for fault in fact_faults(model))
    if not model.disclosed and not model.hypothesis_why_en:
        yield "hypothèse sans explication en anglais"


def _source_faults(model: ModelEntry) -> Iterator[str]:
    named = {source.fact for source in model.sources}
    yield from (f"aucune source pour : {FACT_NAMES[fact]}" for fact in FACTS if fact not in named)
    for source in model.sources:
        yield from _choice_faults("fait", source.fact, FACTS)
        yield from _link_faults(source.link)
        if not source.title:
            yield f"source sans titre : {source.link}"
        if source.checked != (source.read_on is not None):
            yield f"source dite lue sans date de lecture, ou l’inverse : {source.link}"


def _slug_faults(slug: str) -> Iterator[str]:
    if not SLUG.fullmatch(slug):
        yield f"identifiant mal formé : « {slug} »"


def _link_faults(link: str) -> Iterator[str]:
    if not link.startswith("https://"):
        yield f"lien absent ou sans https : « {link} »"


def _choice_faults(name: str, value: str, choices: Iterable[str]) -> Iterator[str]:
    if value not in choices:
        yield f"{name} : « {value} » n’est pas l’un de {', '.join(choices)}"


def _unknown_references(catalogue: Catalogue) -> Iterator[str]:
    organisations = {organisation.slug for organisation in catalogue.organisations}
    licences = {licence.slug for licence in catalogue.licences}
    for model in catalogue.models:
        if model.organisation not in organisations:
            yield f"{model.slug} : organisation inconnue, « {model.organisation} »"
        if model.licence not in licences:
            yield f"{model.slug} : licence inconnue, « {model.licence} »"


def _open_models_without_precision(catalogue: Catalogue) -> Iterator[str]:
    """Weights that anyone can download have a precision anyone can read; closed ones may not."""
    closed = {licence.slug for licence in catalogue.licences if licence.licence_class == "proprietary"}
    for model in catalogue.models:
        if model.licence not in closed and model.weight_bits is None:
            yield f"{model.slug} : poids publiés, mais précision absente"


def _names_given_twice(catalogue: Catalogue) -> Iterator[str]:
    lists = {
        "organisation": [organisation.slug for organisation in catalogue.organisations],
        "licence": [licence.slug for licence in catalogue.licences],
        "modèle ou alias": [name for model in catalogue.models for name in model.names()],
    }
    for kind, names in lists.items():
        yield from (f"{kind} donné deux fois : « {name} »" for name, n in Counter(names).items() if n > 1)


MODEL_CHECKS: tuple[Callable[[ModelEntry], Iterator[str]], ...] = (
    _identity_faults,
    _contradictions,
    _source_faults,
)
