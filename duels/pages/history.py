"""« Mes duels »: the visitor's own duels, and the deletion of one or all of them."""

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from duels import deletion, visitors
from duels.models import Answer, Duel
from duels.pages.presenters import duel_list_item
from web.http import Request, SeeOther

DUELS_PER_PAGE = 20
WITHOUT_TEXTS = Answer.objects.select_related("model").defer("text", "html", "reasoning")
DELETED: dict[str, str | Promise] = {
    "one": _("Le duel est supprimé."),
    "all": _("Tous vos duels sont supprimés, et ce navigateur n’est plus reconnu."),
}


def list_own_duels(request: Request) -> HttpResponse:
    duels = _with_list_item_rows(_own_duels(request))
    page = Paginator(duels, DUELS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "items": [duel_list_item(duel) for duel in page],
        "notice": DELETED.get(request.GET.get("deleted", ""), ""),
        "keep_days": settings.KEEP_DUELS_DAYS,
    }
    return render(request, "duels/mine.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: Request, code: str) -> HttpResponse:
    """GET asks for confirmation; POST deletes the duel."""
    own = _own_duels(request).filter(code=code)
    duel = get_object_or_404(_with_list_item_rows(own))
    if request.method != "POST":
        return render(request, "duels/delete.html", {"item": duel_list_item(duel), "duel": duel})
    deletion.delete(own)
    return _redirect_after_deletion("one")


@require_http_methods(["GET", "HEAD", "POST"])
def delete_all(request: Request) -> HttpResponse:
    """GET asks for confirmation; POST deletes every duel of the visitor, and the cookie."""
    own = _own_duels(request)
    if request.method != "POST":
        return render(request, "duels/delete_all.html", {"count": own.count()})
    deletion.delete(own)
    response = _redirect_after_deletion("all")
    visitors.clear_cookie(response)
    return response


def _own_duels(request: Request) -> QuerySet[Duel]:
    """The visitor's duels, newest first; none without a cookie."""
    return Duel.objects.filter(visitor=visitors.visitor_of(request) or "")


def _with_list_item_rows(duels: QuerySet[Duel]) -> QuerySet[Duel]:
    return duels.select_related("vote").prefetch_related("turns", Prefetch("turns__answers", WITHOUT_TEXTS))


def _redirect_after_deletion(deleted: str) -> HttpResponse:
    return SeeOther(f"{reverse('duels:duels')}?deleted={deleted}")
