"""The starter catalogue: readable TOML files, one per organisation, turned into checked values.

Nothing of Django here: the loading command and the admin read these values, the files stay citable alone.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
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

POSITIVE_FIELDS: tuple[str, ...] = (
    "total_params_b", "active_params_b", "effective_params_b", "weight_bits", "experts_total",
    "experts_active", "hypothesis_low_b", "hypothesis_high_b", "hypothesis_active_low_b",
    "hypothesis_active_high_b", "context_window_tokens",
)  # fmt: skip
FACTS_FR: dict[Fact, str] = {
    "size": "la taille",
    "architecture": "l’architecture",
    "licence": "la licence",
    "date": "la date de sortie",
}

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


def _positive_faults(model: ModelEntry) -> Iterator[str]:
    for field in POSITIVE_FIELDS:
        value = getattr(model, field)
        if value is not None and value <= 0:
            yield f"{field} doit être positif, pas {value}"


def _size_faults(model: ModelEntry) -> Iterator[str]:
    total, active = model.total_params_b, model.active_params_b
    if model.disclosed and total is None:
        yield "taille publiée, mais nombre total de paramètres absent"
    if total is not None and active is not None and active > total:
        yield f"paramètres actifs ({active}) supérieurs au total ({total})"
    if total is not None and model.effective_params_b is not None and model.effective_params_b > total:
        yield f"taille effective ({model.effective_params_b}) supérieure au total ({total})"


def _architecture_faults(model: ModelEntry) -> Iterator[str]:
    match model.architecture:
        case "dense":
            yield from _dense_faults(model)
        case "mixture_of_experts" if model.disclosed and model.active_params_b is None:
            yield "mélange d’experts sans taille active"
        case "matformer" if model.effective_params_b is None:
            yield "MatFormer sans taille effective"
        case "undisclosed" if model.disclosed:
            yield "architecture non publiée, mais modèle dit publié"
    if model.architecture != "matformer" and model.effective_params_b is not None:
        yield "taille effective donnée à un modèle qui n’est pas un MatFormer"


def _dense_faults(model: ModelEntry) -> Iterator[str]:
    if model.active_params_b not in (None, model.total_params_b):
        yield f"modèle dense dont la taille active ({model.active_params_b}) diffère du total"
    if model.experts_total is not None or model.experts_active is not None:
        yield "modèle dense avec des experts"


def _experts_faults(model: ModelEntry) -> Iterator[str]:
    total, active = model.experts_total, model.experts_active
    if (total is None) != (active is None):
        yield "nombre d’experts donné sans son pendant (en tout, par jeton)"
    if total is not None and active is not None and active > total:
        yield f"plus d’experts par jeton ({active}) que d’experts en tout ({total})"


def _hypothesis_faults(model: ModelEntry) -> Iterator[str]:
    low, high = model.hypothesis_low_b, model.hypothesis_high_b
    if model.disclosed:
        if (low, high) != (None, None):
            yield "hypothèse de taille donnée à un modèle dont la taille est publiée"
        return
    if (model.total_params_b, model.active_params_b, model.effective_params_b) != (None, None, None):
        yield "taille non publiée, mais un nombre sec est donné"
    if low is None or high is None:
        yield "taille non publiée sans fourchette d’hypothèse"
    if not (model.hypothesis_why_fr and model.hypothesis_why_en):
        yield "hypothèse sans explication en français et en anglais"
    yield from _range_faults("hypothèse de taille", low, high)
    yield from _active_hypothesis_faults(model)


def _active_hypothesis_faults(model: ModelEntry) -> Iterator[str]:
    low, high = model.hypothesis_active_low_b, model.hypothesis_active_high_b
    if (low is None) != (high is None):
        yield "fourchette de taille active incomplète"
    if model.architecture == "mixture_of_experts" and low is None:
        yield "mélange d’experts non publié sans fourchette de taille active"
    if high is not None and model.hypothesis_high_b is not None and high > model.hypothesis_high_b:
        yield "taille active supposée supérieure à la taille totale supposée"
    yield from _range_faults("hypothèse de taille active", low, high)


def _range_faults(name: str, low: float | None, high: float | None) -> Iterator[str]:
    if low is not None and high is not None and low >= high:
        yield f"{name} : le bas ({low}) doit être inférieur au haut ({high})"


def _source_faults(model: ModelEntry) -> Iterator[str]:
    named = {source.fact for source in model.sources}
    yield from (f"aucune source pour : {FACTS_FR[fact]}" for fact in FACTS if fact not in named)
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
    _positive_faults,
    _size_faults,
    _architecture_faults,
    _experts_faults,
    _hypothesis_faults,
    _source_faults,
)
