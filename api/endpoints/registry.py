"""The published models of the registry, with the sources of their facts."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_noop as _
from ninja import Query, Router
from pydantic import Field

from api.endpoints import documents
from api.endpoints.pagination import PageQuery, page_fields
from api.name_lookup import find_model
from models_registry import models as tables
from models_registry.pages.catalogue import CatalogueQuery, catalogue_entries, published_models, search
from science.energy import Architecture

router = Router()


class ModelsQuery(PageQuery):
    words: str = Field("", max_length=200, description=_("Des mots du nom, de l’éditeur ou d’un autre nom."))
    organisation: str = Field("", max_length=80, description=_("L’identifiant de l’éditeur."))


@router.get(
    "/models",
    response=documents.Page[documents.Model],
    summary=_("Les modèles"),
    description=_("Les modèles publiés du registre, par nom, avec leurs faits et où les lire."),
)
def models(
    request: HttpRequest, response: HttpResponse, query: Query[ModelsQuery]
) -> documents.Page[documents.Model]:
    wanted = CatalogueQuery(words=query.words, organisation=query.organisation)
    found = search(catalogue_entries(), wanted)
    slugs = [entry.model.slug for entry in found[query.window]]
    return documents.Page(
        **page_fields(request, response, len(found), query), items=_documents(request, slugs)
    )


@router.get(
    "/models/{path:name}",
    response=documents.Model,
    summary=_("Un modèle"),
    description=_(
        "Un modèle par son identifiant, ou par son nom chez compar:IA, EcoLogits, Hugging Face, Ollama ou "
        "un autre serveur. Content-Location donne son adresse sous son identifiant."
    ),
)
def model(request: HttpRequest, response: HttpResponse, name: str) -> documents.Model:
    slug = find_model(name).slug
    response["Content-Location"] = f"{reverse('api:v1')}models/{slug}"
    [document] = _documents(request, [slug])
    return document


def _documents(request: HttpRequest, slugs: list[str]) -> list[documents.Model]:
    """The models of these slugs, in this order."""
    rows = published_models().filter(slug__in=slugs).prefetch_related("sources")
    by_slug = {row.slug: row for row in rows}
    return [_document(request, by_slug[slug]) for slug in slugs]


def _document(request: HttpRequest, row: tables.LanguageModel) -> documents.Model:
    return documents.Model(
        slug=row.slug,
        name=row.name,
        page=request.build_absolute_uri(reverse("models:model", args=[row.slug])),
        aliases=row.aliases,
        organisation=documents.Organisation.model_validate(row.organisation),
        licence=_licence(row.licence),
        release_date=row.release_date.isoformat() if row.release_date else None,
        release_precision=row.release_precision,
        architecture=Architecture(row.architecture),
        disclosed=row.disclosed,
        total_params_b=row.total_params_b,
        active_params_b=row.active_params_b,
        effective_params_b=row.effective_params_b,
        experts_total=row.experts_total,
        experts_active=row.experts_active,
        weight_bits=row.weight_bits,
        hypothesis=None if row.disclosed else _hypothesis(row),
        reasoning=row.reasoning,
        context_window_tokens=row.context_window_tokens,
        tokenizer_family=row.tokenizer_family,
        description=_text(row.description_fr, row.description_en),
        good_to_know=_text(row.good_to_know_fr, row.good_to_know_en),
        archived=row.status == row.Status.ARCHIVED,
        sources=_sources(row.sources.all()),
    )


def _licence(row: tables.Licence) -> documents.Licence:
    return documents.Licence(
        slug=row.slug,
        name=row.name,
        link=row.link,
        kind=row.kind,
        commercial_use=row.commercial_use,
        outputs_reuse=row.outputs_reuse,
        sentence=_text(row.sentence_fr, row.sentence_en),
    )


def _hypothesis(row: tables.LanguageModel) -> documents.Hypothesis:
    return documents.Hypothesis(
        total_low_b=row.hypothesis_low_b,
        total_high_b=row.hypothesis_high_b,
        active_low_b=row.hypothesis_active_low_b,
        active_high_b=row.hypothesis_active_high_b,
        why=_text(row.hypothesis_why_fr, row.hypothesis_why_en),
    )


def _sources(rows: Iterable[tables.Source]) -> list[documents.Source]:
    return [
        documents.Source(
            fact=row.fact,
            title=row.title,
            link=row.link,
            read_on=row.read_on.isoformat() if row.read_on else None,
        )
        for row in rows
    ]


def _text(fr: str, en: str) -> documents.Text:
    """French stands for an English text that nobody has written yet, as on the pages."""
    return documents.Text(fr=fr, en=en or fr)
