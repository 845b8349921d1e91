"""Recorded duels to play: their list, one of them, what everybody said of it, and all in one file."""

from http import HTTPStatus

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from duels.models import Duel
from duels.pages.page_limits import charge_address
from duels.pages.responses import redirect_to_duel, too_many
from duels.pages.visitor import get_own_duel
from duels.visitors import get_or_create_token, hash_token, set_cookie, visitor_of
from recordings.models import DailyQuestion, Recording
from recordings.offered_packs import pack_of
from recordings.opinions import opinions
from recordings.pack_file import pack_response
from recordings.replays import UnknownModel, open_replay
from web.http import Request
from web.rate_limit import RateLimit

SHOWN, SHOWN_DAYS = 200, 60
OFFLINE_DUELS = 12  # of the newest pack: a page that opens at once
REPLAYS = RateLimit("replays", 600, 3_600)  # of one address: a class of 40, fifteen each
FILES = RateLimit("packs", 60, 3_600)


@require_safe
def index(request: Request) -> HttpResponse:
    """The recordings that are offered, the newest first."""
    today = DailyQuestion.objects.filter(day=timezone.localdate()).first()
    return render(request, "recordings/index.html", {"recordings": _offered()[:SHOWN], "today": today})


@require_safe
def daily(request: Request) -> HttpResponse:
    """The question of the day, and those of the days before. Where curators choose none, there is no page."""
    days = DailyQuestion.objects.filter(day__lte=timezone.localdate()).select_related("recording")
    chosen = list(days[:SHOWN_DAYS])
    if not chosen:
        raise Http404
    today = chosen.pop(0) if chosen[0].day == timezone.localdate() else None
    return render(request, "recordings/daily.html", {"today": today, "before": chosen})


@require_safe
def offline_page(request: Request) -> HttpResponse:
    """The recordings of the newest pack as one page that needs no network, in the reader's language."""
    newest = _offered().first()
    if newest is None:
        raise Http404
    if exceeded := charge_address(request, FILES):
        return too_many(request, exceeded.wait_seconds)
    of_pack = _offered().filter(pack_title=newest.pack_title).order_by("pk")[:OFFLINE_DUELS]
    return pack_response(pack_of(list(of_pack)), "html")


@require_http_methods(["GET", "HEAD", "POST"])
def recording(request: Request, code: str) -> HttpResponse:
    """One recording; POST opens a duel that shows it, or the one that this visitor has opened before."""
    found = get_object_or_404(_playable(), code=code)
    visitor = visitor_of(request)
    own = Duel.objects.filter(replay__recording=found, visitor=visitor).first() if visitor else None
    if request.method != "POST":
        has_voted = own is not None and own.is_revealed
        context = {"recording": found, "own": own, "opinions": opinions(found) if has_voted else None}
        return render(request, "recordings/recording.html", context)
    if own:
        return redirect_to_duel(own)
    if exceeded := charge_address(request, REPLAYS):
        return too_many(request, exceeded.wait_seconds)
    token = get_or_create_token(request)
    try:
        response = redirect_to_duel(open_replay(found, hash_token(token)))
    except UnknownModel:
        notice = _("Ce duel ne peut plus être rejoué : un de ses modèles a quitté le registre.")
        gone = {"recording": found, "notice": notice}
        return render(request, "recordings/recording.html", gone, status=HTTPStatus.GONE)
    set_cookie(response, token)
    return response


@require_safe
def of_duel(request: Request, code: str) -> HttpResponse:
    """The votes of everybody on the recording that the visitor's own duel shows."""
    duel = get_own_duel(request, code)
    if not duel.is_revealed:
        return redirect_to_duel(duel)
    found = get_object_or_404(Recording, replays__duel=duel)
    context = {"recording": found, "own": duel, "opinions": opinions(found)}
    return render(request, "recordings/recording.html", context)


def _offered() -> QuerySet[Recording]:
    return Recording.objects.filter(is_offered=True)


def _playable() -> QuerySet[Recording]:
    """The recordings on offer, and those that were the question of a day, today's included."""
    return Recording.objects.filter(
        Q(is_offered=True)
        | Exists(DailyQuestion.objects.filter(recording=OuterRef("pk"), day__lte=timezone.localdate()))
    )
