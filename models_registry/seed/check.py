"""Check the files of the starter catalogue.

Facts follow the rules of `models_registry.validation`. The files need more, because they are published on
their own: texts in both languages, https links, a source for every fact.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import get_args

from django.utils.translation import gettext as _

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
from models_registry.validation import COUNTRY, SLUG, SOURCED_FACTS, fact_issues

CatalogueEntity = OrganisationEntry | LicenceEntry | ModelEntry


def check_entry(entry: CatalogueEntity) -> list[str]:
    """Errors of one entry, as sentences."""
    match entry:
        case OrganisationEntry():
            return list(_organisation_errors(entry))
        case LicenceEntry():
            return list(_licence_errors(entry))
        case ModelEntry():
            return [error for rule in MODEL_RULES for error in rule(entry)]


def check_catalogue(catalogue: Catalogue) -> list[str]:
    """Errors of all entries, unknown references and duplicate names."""
    entries: tuple[CatalogueEntity, ...] = (*catalogue.organisations, *catalogue.licences, *catalogue.models)
    errors = [f"{entry.slug} : {error}" for entry in entries for error in check_entry(entry)]
    return [
        *errors,
        *_unknown_references(catalogue),
        *_open_models_without_precision(catalogue),
        *_duplicate_names(catalogue),
    ]


def _organisation_errors(entry: OrganisationEntry) -> Iterator[str]:
    yield from _slug_errors(entry.slug)
    if not entry.name:
        yield _("nom absent")
    if not re.fullmatch(COUNTRY, entry.country):
        yield _("pays inconnu : « %(code)s » n’est pas un code ISO de deux lettres") % {"code": entry.country}
    yield from _link_errors(entry.site)


def _licence_errors(entry: LicenceEntry) -> Iterator[str]:
    yield from _slug_errors(entry.slug)
    yield from _link_errors(entry.link)
    yield from _choice_errors(_("classe de licence"), entry.licence_class, get_args(LicenceClass))
    yield from _choice_errors(_("usage commercial"), entry.commercial_use, get_args(Permission))
    yield from _choice_errors(_("réutilisation des réponses"), entry.outputs_reuse, get_args(Permission))
    if not (entry.sentence_fr and entry.sentence_en):
        yield _("phrase de licence absente en français ou en anglais")


def _identity_errors(model: ModelEntry) -> Iterator[str]:
    yield from _slug_errors(model.slug)
    yield from _choice_errors(_("architecture"), model.architecture, get_args(Architecture))
    yield from _choice_errors(_("précision de la date"), model.release_precision, get_args(Precision))
    yield from _choice_errors(_("état"), model.status, get_args(Status))
    yield from _choice_errors(_("découpage en jetons"), model.tokenizer_family, TOKENIZER_FAMILIES)
    if not (model.description_fr and model.description_en):
        yield _("description absente en français ou en anglais")
    if bool(model.good_to_know_fr) != bool(model.good_to_know_en):
        yield _("« à savoir » écrit dans une seule langue")
    if model.release_precision == "month" and model.release_date.day != 1:
        yield _("date au mois près : le jour doit être le premier du mois")


def _fact_errors(model: ModelEntry) -> Iterator[str]:
    yield from (f"{issue.field} : {issue.message}" for issue in fact_issues(model))
    if not model.disclosed and not model.hypothesis_why_en:
        yield _("hypothèse sans explication en anglais")


def _source_errors(model: ModelEntry) -> Iterator[str]:
    facts_with_source = {source.fact for source in model.sources}
    for fact in get_args(Fact):
        if fact not in facts_with_source:
            yield _("aucune source pour : %(fact)s") % {"fact": SOURCED_FACTS[fact]}
    for source in model.sources:
        yield from _choice_errors(_("fait"), source.fact, get_args(Fact))
        yield from _link_errors(source.link)
        if not source.title:
            yield _("source sans titre : %(link)s") % {"link": source.link}
        if source.checked != (source.read_on is not None):
            yield _("source dite lue sans date de lecture, ou l’inverse : %(link)s") % {"link": source.link}


def _slug_errors(slug: str) -> Iterator[str]:
    if not re.fullmatch(SLUG, slug):
        yield _("identifiant mal formé : « %(slug)s »") % {"slug": slug}


def _link_errors(link: str) -> Iterator[str]:
    if not link.startswith("https://"):
        yield _("lien absent ou sans https : « %(link)s »") % {"link": link}


def _choice_errors(name: str, value: str, choices: Iterable[str]) -> Iterator[str]:
    if value not in choices:
        yield _("%(name)s : « %(value)s » n’est pas l’un de %(choices)s") % {
            "name": name,
            "value": value,
            "choices": ", ".join(choices),
        }


def _unknown_references(catalogue: Catalogue) -> Iterator[str]:
    organisations = {organisation.slug for organisation in catalogue.organisations}
    licences = {licence.slug for licence in catalogue.licences}
    for model in catalogue.models:
        if model.organisation not in organisations:
            yield _("%(model)s : organisation inconnue, « %(slug)s »") % {
                "model": model.slug,
                "slug": model.organisation,
            }
        if model.licence not in licences:
            yield _("%(model)s : licence inconnue, « %(slug)s »") % {
                "model": model.slug,
                "slug": model.licence,
            }


def _open_models_without_precision(catalogue: Catalogue) -> Iterator[str]:
    """Anyone can read the precision of published weights, so the catalogue must state it."""
    closed = {licence.slug for licence in catalogue.licences if licence.licence_class == "proprietary"}
    for model in catalogue.models:
        if model.licence not in closed and model.weight_bits is None:
            yield _("%(model)s : poids publiés, mais précision absente") % {"model": model.slug}


def _duplicate_names(catalogue: Catalogue) -> Iterator[str]:
    names_by_kind = {
        _("organisation"): [organisation.slug for organisation in catalogue.organisations],
        _("licence"): [licence.slug for licence in catalogue.licences],
        _("modèle ou alias"): [name for model in catalogue.models for name in model.names()],
    }
    for kind, names in names_by_kind.items():
        for name, count in Counter(names).items():
            if count > 1:
                yield _("%(kind)s donné deux fois : « %(name)s »") % {"kind": kind, "name": name}


MODEL_RULES: tuple[Callable[[ModelEntry], Iterator[str]], ...] = (
    _identity_errors,
    _fact_errors,
    _source_errors,
)
