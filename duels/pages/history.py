"""« Mes duels »: the list of a visitor's own, and how one or all of them are deleted."""

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
from duels.pages import presenters
from duels.pages.duel import open_duel
from web.http import Request, SeeOther

DUELS_PER_PAGE = 20
WITHOUT_TEXTS = Answer.objects.select_related("model").defer("text", "reasoning")
DELETED: dict[str, str | Promise] = {
    "one": _("Le duel est supprimé."),
    "all": _("Tous vos duels sont supprimés, et ce navigateur n’est plus reconnu."),
}


@require_http_methods(["GET", "HEAD", "POST"])
def duels(request: Request) -> HttpResponse:
    return open_duel(request) if request.method == "POST" else list_own_duels(request)


def list_own_duels(request: Request) -> HttpResponse:
    page = Paginator(_in_lines(_own(request)), DUELS_PER_PAGE).get_page(request.GET.get("page"))
    lines = [presenters.duel_list_item(duel) for duel in page]
    notice = DELETED.get(request.GET.get("deleted", ""), "")
    context = {"page": page, "lines": lines, "notice": notice, "keep_days": settings.KEEP_DUELS_DAYS}
    return render(request, "duels/mine.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: Request, code: str) -> HttpResponse:
    """Asks whether to delete one duel; then does."""
    own = _own(request).filter(code=code)
    duel = get_object_or_404(_in_lines(own))
    if request.method != "POST":
        return render(request, "duels/delete.html", {"line": presenters.duel_list_item(duel), "duel": duel})
    deletion.delete(own)
    return _deleted("one")


@require_http_methods(["GET", "HEAD", "POST"])
def delete_all(request: Request) -> HttpResponse:
    """Asks whether to delete every duel of this visitor; then does, and forgets the visitor."""
    own = _own(request)
    if request.method != "POST":
        return render(request, "duels/delete_all.html", {"count": own.count()})
    deletion.delete(own)
    gone = _deleted("all")
    visitors.clear_cookie(gone)
    return gone


def _own(request: Request) -> QuerySet[Duel]:
    """The visitor's duels, the newest first; none before a first one."""
    return Duel.objects.filter(visitor=visitors.visitor_of(request) or "")


def _in_lines(duels: QuerySet[Duel]) -> QuerySet[Duel]:
    """The same duels with what one line tells of each."""
    return duels.select_related("vote").prefetch_related("turns", Prefetch("turns__answers", WITHOUT_TEXTS))


def _deleted(what: str) -> HttpResponse:
    return SeeOther(f"{reverse('duels:duels')}?deleted={what}")
