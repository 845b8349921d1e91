"""Everyday equivalents of an energy, the glossary, the first page and the description of the interface."""

from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_noop as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from api.endpoints import documents
from api.endpoints.pagination import PageQuery, page_fields
from api.endpoints.service import VERSION
from api.openapi import DOCUMENT, openapi_document, operation_paths
from api.problems import invalid
from learn.glossary import TERMS
from science.energy import Interval, equivalents

router = Router()
MAX_WH = 1e12  # a thousand gigawatt-hours
Energy = Annotated[float, Field(ge=0, le=MAX_WH)]


class EquivalentsQuery(BaseModel):
    energy_wh: Energy = Field(1.0, description=_("Une énergie, en Wh : le milieu de la fourchette."))
    low_wh: Energy | None = Field(None, description=_("Le bas de la fourchette, s’il y en a une."))
    high_wh: Energy | None = Field(None, description=_("Le haut de la fourchette, s’il y en a une."))


class LanguageQuery(BaseModel):
    lang: Literal["en", "fr"] = Field("en", description=_("La langue des descriptions."))


@router.get(
    "/",
    response=documents.Index,
    summary=_("Sommaire"),
    description=_("Les adresses de tout ce qui se lit ici."),
)
def index(request: HttpRequest, response: HttpResponse) -> documents.Index:
    base = request.build_absolute_uri(reverse("api:v1")).rstrip("/")
    return documents.Index(
        name=settings.SITE_NAME,
        version=VERSION,
        documentation=request.build_absolute_uri(reverse("api:docs")),
        openapi=base + DOCUMENT,
        operations={name: base + path for name, path in operation_paths().items()},
    )


@router.get(
    "/equivalents",
    response=list[documents.Equivalent],
    summary=_("Équivalents"),
    description=_("Des usages quotidiens de l’électricité qui prennent la même énergie, avec leurs sources."),
)
def equivalents_of(
    request: HttpRequest, response: HttpResponse, query: Query[EquivalentsQuery]
) -> list[documents.Equivalent]:
    mid = query.energy_wh
    low = mid if query.low_wh is None else query.low_wh
    high = mid if query.high_wh is None else query.high_wh
    if not low <= mid <= high:
        raise invalid("energy_wh", "must lie between low_wh and high_wh")
    return [
        documents.Equivalent(
            key=each.reference.key,
            name=documents.Text(fr=each.reference.fr, en=each.reference.en),
            unit=each.unit,
            amount=documents.Interval.of(each.amount),
            source=each.reference.source,
        )
        for each in equivalents(Interval(low, mid, high))
    ]


@router.get(
    "/glossary",
    response=documents.Page[documents.Term],
    summary=_("Le glossaire"),
    description=_("Les mots de ce site, en une ou deux phrases chacun."),
)
def glossary(
    request: HttpRequest, response: HttpResponse, query: Query[PageQuery]
) -> documents.Page[documents.Term]:
    terms = [
        documents.Term(
            key=term.key,
            name=documents.Text.of(term.name),
            meaning=documents.Text.of(term.meaning),
            lesson=request.build_absolute_uri(reverse(term.more)) if term.more else None,
        )
        for term in list(TERMS)[query.window]
    ]
    return documents.Page(**page_fields(request, response, len(TERMS), query), items=terms)


@router.get(
    DOCUMENT,
    response=dict[str, Any],
    summary=_("La description de l’interface"),
    description=_("Ce que cette page dit, en OpenAPI 3.1."),
)
def openapi(request: HttpRequest, response: HttpResponse, query: Query[LanguageQuery]) -> dict[str, Any]:
    response["Content-Language"] = query.lang
    return openapi_document(query.lang)
