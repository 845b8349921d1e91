"""The public catalogue: the list of models and one page per model."""

from http import HTTPStatus
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import push_url

from models_registry.models import LanguageModel
from models_registry.pages.catalogue import (
    CatalogueOrder,
    CatalogueQuery,
    annotate_playable,
    catalogue_entries,
    catalogue_screens,
    energy_axis,
    public_models,
    search,
    source_count,
)
from models_registry.pages.filters import SortHeader, sort_header
from models_registry.pages.forms import CatalogueForm
from models_registry.pages.model_page import model_page
from web.http import Request
from web.page_cache import cached_page

CATALOGUE, RESULTS = "models_registry/catalogue.html", "models_registry/_results.html"
MODELS_PER_PAGE = 50
VIEW_DRAFTS = "models_registry.view_languagemodel"


@require_safe
def catalogue(request: Request) -> HttpResponse:
    """Render the catalogue; without filters it depends on its entries only and comes from the page cache."""
    entries = catalogue_entries()
    form = CatalogueForm(entries, request.GET)
    query = form.query()
    status = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    sources = source_count()

    def context() -> dict[str, Any]:
        page = Paginator(search(entries, query), MODELS_PER_PAGE).get_page(request.GET.get("page"))
        axis = energy_axis(entries)
        return {
            "form": form,
            "page": page,
            "screens": catalogue_screens(
                [(entry, axis.band(entry.energy.energy_wh)) for entry in page], query.order
            ),
            "address": QueryDict(query.query_string()),
            "headers": _sort_headers(query),
            "total": len(entries),
            "sources": sources,
            "makers": len({entry.model.maker_slug for entry in entries}),
        }

    if request.htmx:
        response = render(request, RESULTS, context(), status=status)
        push_url(response, f"{request.path}?{query.query_string()}".rstrip("?"))
    elif request.GET:
        response = render(request, CATALOGUE, context(), status=status)
    else:
        slots = {"csrf_token": get_token(request)}
        response = cached_page(request, CATALOGUE, (*entries, sources), context, slots)
    patch_vary_headers(response, ["HX-Request"])  # one URL, two bodies: a browser must cache them apart
    return response


def _sort_headers(query: CatalogueQuery) -> dict[str, SortHeader]:
    """Headers of the sortable columns, by name."""
    columns = {
        "name": (_("Modèle"), CatalogueOrder.NAME),
        "size": (_("Taille"), CatalogueOrder.SMALLEST),
        "date": (_("Sortie"), CatalogueOrder.NEWEST),
        "energy": (_("Énergie, 1 000 jetons"), CatalogueOrder.FRUGAL),
    }
    return {name: sort_header(label, order, query.order, query) for name, (label, order) in columns.items()}


@require_safe
def model(request: HttpRequest, slug: str) -> HttpResponse:
    """Render the page of a model; 404 for a draft whose facts still contradict each other."""
    row = get_object_or_404(_visible_models(request).prefetch_related("sources"), slug=slug)
    try:
        context = {"page": model_page(row), "model": row}
    except ValueError as error:
        raise Http404(str(error)) from error
    return render(request, "models_registry/model.html", context)


def _visible_models(request: HttpRequest) -> QuerySet[LanguageModel]:
    """Public models; drafts as well for a curator."""
    if request.user.has_perm(VIEW_DRAFTS):
        return annotate_playable(LanguageModel.objects.select_related("organisation", "licence"))
    return public_models()
