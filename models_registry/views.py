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
from models_registry.pages import catalogue as listing
from models_registry.pages.catalogue import Order
from models_registry.pages.filters import SortHeader, sort_header
from models_registry.pages.forms import CatalogueForm
from models_registry.pages.model_page import model_page
from web.http import Request
from web.page_cache import cached_page

CATALOGUE, RESULTS = "models_registry/catalogue.html", "models_registry/_results.html"
MODELS_PER_PAGE = 50
READ_DRAFTS = "models_registry.view_languagemodel"


@require_safe
def catalogue(request: Request) -> HttpResponse:
    """The list; from memory where the address asks for nothing: then it follows from its lines."""
    every = listing.catalogue_entries()
    form = CatalogueForm(every, request.GET)
    wanted = form.wanted()
    status = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK

    def context() -> dict[str, Any]:
        page = Paginator(listing.search(every, wanted), MODELS_PER_PAGE).get_page(request.GET.get("page"))
        axis = listing.energy_axis(every)
        return {
            "form": form,
            "page": page,
            "lines": [(line, axis.band(line.energy.energy_wh)) for line in page],
            "address": QueryDict(wanted.address()),
            "headings": _headings(wanted),
            "total": len(every),
            "makers": len({line.model.maker_slug for line in every}),
        }

    if request.htmx:
        response = render(request, RESULTS, context(), status=status)
        push_url(response, f"{request.path}?{wanted.address()}".rstrip("?"))
    elif request.GET:
        response = render(request, CATALOGUE, context(), status=status)
    else:
        slots = {"csrf_token": get_token(request)}
        response = cached_page(request, CATALOGUE, tuple(every), context, slots)
    patch_vary_headers(response, ["HX-Request"])  # one address, two bodies: the browser keeps them apart
    return response


def _headings(wanted: listing.CatalogueQuery) -> dict[str, SortHeader]:
    """The columns that sort, by name."""
    columns = {
        "name": (_("Modèle"), Order.NAME),
        "size": (_("Taille"), Order.SMALLEST),
        "date": (_("Sortie"), Order.NEWEST),
        "energy": (_("Énergie, 1 000 jetons"), Order.FRUGAL),
    }
    return {name: sort_header(label, order, wanted.order, wanted) for name, (label, order) in columns.items()}


@require_safe
def model(request: HttpRequest, slug: str) -> HttpResponse:
    row = get_object_or_404(_readable(request).prefetch_related("sources"), slug=slug)
    try:
        context = {"sheet": model_page(row), "model": row}
    except ValueError as error:  # a draft whose facts do not hold together yet
        raise Http404(str(error)) from error
    return render(request, "models_registry/model.html", context)


def _readable(request: HttpRequest) -> QuerySet[LanguageModel]:
    """What this reader may see: the public models, and for a curator the drafts too."""
    if hasattr(request, "user") and request.user.has_perm(READ_DRAFTS):
        every = LanguageModel.objects.select_related("organisation", "licence")
        return listing.annotate_playable(every)
    return listing.public_models()
