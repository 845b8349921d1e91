"""« Mes duels »: the visitor's own duels and story, their key for another device, their deletion."""

from http import HTTPStatus

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from duels import deletion, visitors
from duels.models import Duel
from duels.own_duels import device_key
from duels.own_duels.story import tell_story, voted_duels
from duels.pages.download import exceeded_limit
from duels.pages.presenters import duel_list_item
from duels.pages.responses import too_many
from duels.queries import with_answers_without_texts
from web.client_address import client_address_hash
from web.http import Request, SeeOther

DUELS_PER_PAGE = 20
NOTICES: dict[str, str | Promise] = {
    "one": _("Le duel est supprimé."),
    "moved": _("Vos duels sont maintenant dans ce navigateur."),
    "all": _("Tous vos duels sont supprimés, et ce navigateur n’est plus reconnu."),
}


def list_own_duels(request: Request, refusal: str = "") -> HttpResponse:
    """refusal: why a key was refused."""
    duels = _with_list_item_rows(_own_duels(request))
    page = Paginator(duels, DUELS_PER_PAGE).get_page(request.GET.get("page"))
    is_first = page.number == 1
    context = {
        "page": page,
        "items": [duel_list_item(duel) for duel in page],
        "story": tell_story(voted_duels(visitors.visitor_of(request) or "")) if page and is_first else None,
        "notice": NOTICES.get(request.GET.get("done", ""), ""),
        "refusal": refusal,
        "keep_days": settings.KEEP_DUELS_DAYS,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK
    return render(request, "duels/mine.html", context, status=status)


@require_safe
def device_key_file(request: Request) -> HttpResponse:
    """The key of this browser's duels, as a file to keep; back to the list where there is none."""
    token = visitors.token_of(request)
    if not token:
        return SeeOther(reverse("duels:duels"))
    response = HttpResponse(device_key.write_key(token), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{device_key.FILE_NAME}"'
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def bring(request: Request) -> HttpResponse:
    """Move the duels of a key to this browser; the list again, with the reason, where it is refused."""
    token = visitors.get_or_create_token(request)
    visitor = visitors.hash_token(token)
    if exceeded := exceeded_limit(client_address_hash(request)):
        return too_many(request, exceeded.wait_seconds)
    sent = request.FILES.get("key")
    try:
        if not isinstance(sent, UploadedFile):
            raise device_key.RefusedFile(gettext("Choisissez d’abord le fichier de votre clé."))
        device_key.move_duels(device_key.read_key(sent.read(device_key.MAX_FILE_BYTES + 1)), visitor)
    except device_key.RefusedFile as refused:
        return list_own_duels(request, str(refused))
    response = _redirect_when_done("moved")
    visitors.set_cookie(response, token)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: Request, code: str) -> HttpResponse:
    """GET asks for confirmation; POST deletes the duel."""
    own = _own_duels(request).filter(code=code)
    duel = get_object_or_404(_with_list_item_rows(own))
    if request.method != "POST":
        return render(request, "duels/delete.html", {"item": duel_list_item(duel), "duel": duel})
    deletion.delete(own)
    return _redirect_when_done("one")


@require_http_methods(["GET", "HEAD", "POST"])
def delete_all(request: Request) -> HttpResponse:
    """GET asks for confirmation; POST deletes every duel of the visitor, and the cookie."""
    own = _own_duels(request)
    if request.method != "POST":
        return render(request, "duels/delete_all.html", {"count": own.count()})
    deletion.delete(own)
    response = _redirect_when_done("all")
    visitors.clear_cookie(response)
    return response


def _own_duels(request: Request) -> QuerySet[Duel]:
    """The visitor's duels, newest first; none without a cookie."""
    return Duel.objects.filter(visitor=visitors.visitor_of(request) or "")


def _with_list_item_rows(duels: QuerySet[Duel]) -> QuerySet[Duel]:
    return with_answers_without_texts(duels.select_related("vote"))


def _redirect_when_done(done: str) -> HttpResponse:
    return SeeOther(f"{reverse('duels:duels')}?done={done}")
