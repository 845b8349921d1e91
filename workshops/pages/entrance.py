"""« Ateliers »: what a workshop is, opening one, joining one by its code."""

import time
from http import HTTPStatus
from typing import Any

import redis
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from duels import valkey
from web.client_address import client_address_hash
from web.http import Request, SeeOther
from web.rate_limit import Charge, RateLimit, consume
from workshops.codes import is_guessing, new_key, typed_code
from workshops.commands import create_workshop
from workshops.identity import hash_facilitator, is_inside, set_facilitator_cookie
from workshops.models import Workshop
from workshops.scenario import MAX_FILE_BYTES, InvalidScenario, Scenario, parse_toml, ready_made

DEFAULT_SCENARIO = "consommation-45"
# Per address, which a whole school shares: workshops opened, and devices that join.
OPENINGS = RateLimit("workshop-openings", 60, 3_600)
JOINS = RateLimit("workshop-joins", 1_200, 60)


def exceeds(request: Request, limit: RateLimit) -> bool:
    """Charge one action to the address; without Valkey nothing is limited."""
    address = client_address_hash(request)
    try:
        return bool(address and consume(valkey.client(), [Charge(limit, address)], time.time()))
    except redis.RedisError:
        return False


def may_open(request: Request) -> bool:
    """As operators have decided: everybody, curators alone, or nobody."""
    openers = settings.WORKSHOP_OPENERS
    return openers == "everybody" or (openers == "curators" and request.user.is_staff)


@require_safe
def entrance(request: Request) -> HttpResponse:
    return render_entrance(request)


def render_entrance(
    request: Request, notice: str = "", code: str = "", status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    context: dict[str, Any] = {
        "scenarios": ready_made(get_language() or "fr").items(),
        "default_scenario": DEFAULT_SCENARIO,
        "may_open": may_open(request),
        "openers": settings.WORKSHOP_OPENERS,
        "hours": settings.WORKSHOP_HOURS,
        "notice": notice,
        "typed": code,
    }
    return render(request, "workshops/entrance.html", context, status=status)


@require_POST
def open_workshop(request: Request) -> HttpResponse:
    """Open a workshop with a scenario of the site or of a file; who opens it is its facilitator."""
    if not may_open(request):
        return render_entrance(
            request, _("L’ouverture des ateliers est fermée ici."), status=HTTPStatus.FORBIDDEN
        )
    try:
        scenario = chosen_scenario(request)
    except InvalidScenario as problem:
        return render_entrance(request, str(problem), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if exceeds(request, OPENINGS):
        notice = _("Beaucoup d’ateliers s’ouvrent depuis votre connexion : attendez quelques minutes.")
        return render_entrance(request, notice, status=HTTPStatus.TOO_MANY_REQUESTS)
    token = new_key()
    is_open = request.POST.get("open_data") == "yes"
    workshop = create_workshop(scenario, hash_facilitator(token), in_open_data=is_open)
    response = SeeOther(f"/ateliers/{workshop.code}/pilote/?ouvert=1")
    set_facilitator_cookie(response, workshop, token)
    return response


def chosen_scenario(request: Request) -> Scenario:
    """The scenario of the file that was sent, else the one chosen. Raises InvalidScenario."""
    if file := request.FILES.get("file"):
        if (file.size or 0) > MAX_FILE_BYTES:
            raise InvalidScenario(_("Ce fichier est trop grand pour un scénario."))
        return parse_toml(file.read().decode("utf-8-sig", errors="replace"))
    found = ready_made(get_language() or "fr")
    return found.get(request.POST.get("scenario", ""), found[DEFAULT_SCENARIO])


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: Request) -> HttpResponse:
    """The code of the form leads to the workshop; also the short address that one says aloud."""
    typed = request.POST.get("code", "") or request.GET.get("code", "")
    if request.method != "POST" and not typed:
        return render_entrance(request)
    return lead_to(request, typed)


@require_safe
def short(request: Request, code: str) -> HttpResponse:
    return lead_to(request, code)


def lead_to(request: Request, typed: str) -> HttpResponse:
    """To the workshop of that code; else the page again, with a sentence."""
    workshop = Workshop.objects.filter(code=typed_code(typed), ended_at=None).first()
    is_slowed = is_guessing(request, is_known=workshop is not None)
    if workshop and (not is_slowed or is_inside(request, workshop)):
        return redirect("workshops:participant", workshop.code)
    if is_slowed:
        notice = _("Beaucoup de codes inconnus viennent de votre connexion : attendez quelques minutes.")
        return render_entrance(request, notice, typed, HTTPStatus.TOO_MANY_REQUESTS)
    notice = _("Aucun atelier ne porte ce code. Vérifiez-le sur l’écran : il n’y a ni I, ni O, ni 0, ni 1.")
    return render_entrance(request, notice, typed[:20], HTTPStatus.NOT_FOUND)
