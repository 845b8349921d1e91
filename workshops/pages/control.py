"""The console: the facilitator's page, its commands, its secret link, and the end of the workshop."""

from http import HTTPStatus

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from duels.pages.visitor import voter_of
from web.http import Request, SeeOther
from web.qr_code import qr_svg
from workshops import commands
from workshops.ballot_box import UnknownChoice
from workshops.codes import in_groups, new_key
from workshops.commands import Overtaken, announce
from workshops.feed import make_fragment
from workshops.identity import (
    facilitator_token,
    get_led_workshop,
    get_workshop,
    hash_facilitator,
    set_facilitator_cookie,
)
from workshops.models import Workshop
from workshops.pages.live import render_state
from workshops.pages.rendering import render_view
from workshops.pages.screen import short_address
from workshops.removal import delete_workshop, end_workshop
from workshops.room_state import load_snapshot
from workshops.rounds import RoundRefused

ARGUMENTS = {
    "hands": ("kind", "choice", "change"),
    "remove_seat": ("seat",),
    "remove_proposal": ("proposal",),
}


@require_safe
def console(request: Request, code: str) -> HttpResponse:
    workshop = get_led_workshop(request, code)
    return render_console(request, workshop)


def render_console(
    request: Request, workshop: Workshop, notice: str = "", status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    snapshot = load_snapshot(workshop.code)
    assert snapshot is not None
    fragment = make_fragment(render_view(snapshot, "console"))
    is_new, token = request.GET.get("ouvert") == "1", facilitator_token(request, workshop)
    link = request.build_absolute_uri(reverse("workshops:take_over", args=[workshop.code, token]))
    context = {
        "workshop": workshop,
        "code": workshop.code,
        "spoken_code": in_groups(workshop.code),
        "join_address": short_address(request),
        "fragment": SafeString(fragment.html),
        "tag": fragment.tag,
        "notice": notice,
        "is_new": is_new,
        "secret_link": link,
        "secret_qr": qr_svg(link) if is_new else "",
    }
    return render(request, "workshops/console.html", context, status=status)


@require_POST
def command(request: Request, code: str) -> HttpResponse:
    """Run « name » or « name:argument… », at the version that the console showed.

    A script gets the new fragment of its view, and so does whoever was overtaken by another console.
    """
    workshop = get_led_workshop(request, code)
    name, *given = request.POST.get("command", "").split(":")
    sent = request.POST.dict() | dict(zip(ARGUMENTS.get(name, ()), given, strict=False))
    version, notice = request.POST.get("version", ""), ""
    try:
        seen = int(version) if version.isdecimal() else workshop.version
        commands.run(workshop, name, seen, sent, voter_of(request, workshop.facilitator))
    except Overtaken:
        pass
    except UnknownChoice:
        return HttpResponse(status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except RoundRefused as refused:
        notice = str(refused)
    if not request.headers.get("X-Live"):
        if notice:
            return render_console(request, workshop, notice, HTTPStatus.CONFLICT)
        return SeeOther(f"/ateliers/{code}/pilote/")
    if notice:
        return HttpResponse(notice, status=HTTPStatus.CONFLICT, content_type="text/plain; charset=utf-8")
    view = request.POST.get("view", "console")
    return render_state(code, view if view in ("screen", "console") else "console")


@require_safe
def take_over(request: Request, code: str, token: str) -> HttpResponse:
    """The secret link: this browser becomes a console."""
    workshop = get_workshop(request, code)
    if hash_facilitator(token) != workshop.facilitator:
        raise Http404
    response = SeeOther(f"/ateliers/{code}/pilote/")
    set_facilitator_cookie(response, workshop, token)
    return response


@require_POST
def revoke(request: Request, code: str) -> HttpResponse:
    """A new secret link: the old one, and every other console, stop working."""
    workshop, token = get_led_workshop(request, code), new_key()
    Workshop.objects.filter(pk=workshop.pk).update(facilitator=hash_facilitator(token))
    response = SeeOther(f"/ateliers/{code}/pilote/?ouvert=1")
    set_facilitator_cookie(response, workshop, token)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: Request, code: str) -> HttpResponse:
    """GET shows both ways out; POST ends the workshop, or deletes it with all that belongs to it."""
    workshop = get_led_workshop(request, code)
    if request.method != "POST":
        return render(request, "workshops/end.html", {"workshop": workshop, "code": code})
    if request.POST.get("way") == "delete":
        delete_workshop(workshop)
        announce(code)
        sentence = _("L’atelier est supprimé, avec ses questions, ses réponses et ses votes.")
        return render(request, "workshops/sentence.html", {"sentence": sentence})
    end_workshop(workshop, timezone.now())
    announce(code)
    return SeeOther(f"/ateliers/{code}/bilan/")
