"""What the files of the starter catalogue may not say: they stay citable alone.

The facts of a model are refused by the same rules as what a curator writes.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import get_args

from models_registry.choices import TOKENIZER_FAMILIES
from models_registry.seed.read import (
    Architecture,
    Catalogue,
    Fact,
    LicenceClass,
    LicenceEntry,
    ModelEntry,
    OrganisationEntry,
    Permission,
    Precision,
    Status,
)
from models_registry.validation import COUNTRY, SLUG, fact_issues
from models_registry.validation import SOURCED_FACTS as FACT_NAMES

Entry = OrganisationEntry | LicenceEntry | ModelEntry


def check_entry(entry: Entry) -> list[str]:
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
    faults = [f"{entry.slug} : {fault}" for entry in entries for fault in check_entry(entry)]
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
    if not re.fullmatch(COUNTRY, entry.country):
        yield f"pays inconnu : « {entry.country} » n’est pas un code ISO de deux lettres"
    yield from _link_faults(entry.site)


def _licence_faults(entry: LicenceEntry) -> Iterator[str]:
    yield from _slug_faults(entry.slug)
    yield from _link_faults(entry.link)
    yield from _choice_faults("classe de licence", entry.licence_class, get_args(LicenceClass))
    yield from _choice_faults("usage commercial", entry.commercial_use, get_args(Permission))
    yield from _choice_faults("réutilisation des réponses", entry.outputs_reuse, get_args(Permission))
    if not (entry.sentence_fr and entry.sentence_en):
        yield "phrase de licence absente en français ou en anglais"


def _identity_faults(model: ModelEntry) -> Iterator[str]:
    yield from _slug_faults(model.slug)
    yield from _choice_faults("architecture", model.architecture, get_args(Architecture))
    yield from _choice_faults("précision de la date", model.release_precision, get_args(Precision))
    yield from _choice_faults("état", model.status, get_args(Status))
    yield from _choice_faults("découpage en jetons", model.tokenizer_family, TOKENIZER_FAMILIES)
    if not (model.description_fr and model.description_en):
        yield "description absente en français ou en anglais"
    if bool(model.good_to_know_fr) != bool(model.good_to_know_en):
        yield "« à savoir » écrit dans une seule langue"
    if model.release_precision == "month" and model.release_date.day != 1:
        yield "date au mois près : le jour doit être le premier du mois"


def _contradictions(model: ModelEntry) -> Iterator[str]:
    yield from (f"{fault.field} : {fault.sentence}" for fault in fact_issues(model))
    if not model.disclosed and not model.hypothesis_why_en:
        yield "hypothèse sans explication en anglais"


def _source_faults(model: ModelEntry) -> Iterator[str]:
    named = {source.fact for source in model.sources}
    yield from (f"aucune source pour : {FACT_NAMES[fact]}" for fact in get_args(Fact) if fact not in named)
    for source in model.sources:
        yield from _choice_faults("fait", source.fact, get_args(Fact))
        yield from _link_faults(source.link)
        if not source.title:
            yield f"source sans titre : {source.link}"
        if source.checked != (source.read_on is not None):
            yield f"source dite lue sans date de lecture, ou l’inverse : {source.link}"


def _slug_faults(slug: str) -> Iterator[str]:
    if not re.fullmatch(SLUG, slug):
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
