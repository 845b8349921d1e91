"""The pages about the site: purpose, personal data, accessibility, ecodesign, legal notice."""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from conso_duel.site.recipients import recipients
from duels.relay.redis_stream import LIFETIME_SECONDS
from duels.visitors import COOKIE
from workshops.identity import FACILITATOR_COOKIE, SEAT_COOKIE

DAY_SECONDS = 86_400
# Requests and kilobytes (of 1,000 bytes) of each page; tests/face/test_published_weights.py measures them.
PAGE_WEIGHTS_FILE = Path(__file__).with_name("page_weights.json")
PAGE_TITLES: dict[str, str | Promise] = {
    "home": _("L’accueil"),
    "duel": _("Un duel, avant le vote"),
    "reveal": _("La révélation"),
    "leaderboard": _("Le classement"),
    "catalogue": _("Le catalogue des modèles"),
    "tokens": _("La loupe à jetons"),
}


@dataclass(frozen=True, slots=True)
class Cookie:
    """One cookie of the public site, and its lifetime in days."""

    name: str
    why: str | Promise
    days: int


@dataclass(frozen=True, slots=True)
class PageWeight:
    """Requests and compressed kilobytes of a first visit to one kind of page."""

    title: str | Promise
    requests: int
    kilobytes: float


@dataclass(frozen=True, slots=True)
class LegalFact:
    """A fact that the law requires the publisher to state, and the variable that holds it."""

    title: str | Promise
    variable: str
    value: str


def cookies() -> list[Cookie]:
    """Every cookie that a visitor may receive; curators have two more, which the page mentions."""
    visitor = _("pour retrouver vos duels dans ce navigateur, à partir du premier")
    forms = _(
        "pour vérifier qu’un formulaire vient de ce site, et non d’un autre qui se ferait passer pour vous"
    )
    language = _("pour retenir la langue que vous avez choisie")
    workshop_days = max(1, settings.WORKSHOP_HOURS // 24)
    return [
        Cookie(SEAT_COOKIE, _("pour qu’un appareil garde sa place dans un atelier"), workshop_days),
        Cookie(FACILITATOR_COOKIE, _("pour piloter l’atelier que vous avez ouvert"), workshop_days),
        Cookie(COOKIE, visitor, settings.VISITOR_COOKIE_AGE // DAY_SECONDS),
        Cookie(settings.CSRF_COOKIE_NAME, forms, settings.CSRF_COOKIE_AGE // DAY_SECONDS),
        Cookie(settings.LANGUAGE_COOKIE_NAME, language, settings.LANGUAGE_COOKIE_AGE // DAY_SECONDS),
    ]


def legal_facts() -> list[LegalFact]:
    """The legal facts, in the order of the page; empty where they are not filled in."""
    return [
        LegalFact(_("Éditeur"), "CONSO_LEGAL_PUBLISHER", settings.LEGAL_PUBLISHER),
        LegalFact(_("Adresse"), "CONSO_LEGAL_ADDRESS", settings.LEGAL_ADDRESS),
        LegalFact(_("Téléphone"), "CONSO_LEGAL_PHONE", settings.LEGAL_PHONE),
        LegalFact(_("Courriel"), "CONSO_LEGAL_EMAIL", settings.LEGAL_EMAIL),
        LegalFact(_("Direction de la publication"), "CONSO_LEGAL_DIRECTOR", settings.LEGAL_DIRECTOR),
        LegalFact(_("Hébergeur"), "CONSO_LEGAL_HOST", settings.LEGAL_HOST),
    ]


@cache
def page_weights() -> tuple[date, list[PageWeight]]:
    """The day of the measurements, and the weight of each kind of page."""
    measured = json.loads(PAGE_WEIGHTS_FILE.read_text(encoding="utf-8"))
    pages = [PageWeight(title, *measured["pages"][name]) for name, title in PAGE_TITLES.items()]
    return date.fromisoformat(measured["measured_on"]), pages


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return _render(request, "about")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return _render(
        request,
        "privacy",
        cookies=cookies(),
        recipients=recipients(),
        keep_days=settings.KEEP_DUELS_DAYS,
        session_days=settings.SESSION_COOKIE_AGE // DAY_SECONDS,
        stream_minutes=LIFETIME_SECONDS // 60,
        workshop_hours=settings.WORKSHOP_HOURS,
    )


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return _render(request, "accessibility")


@require_safe
def ecodesign(request: HttpRequest) -> HttpResponse:
    day, pages = page_weights()
    heaviest = max(pages, key=lambda page: page.kilobytes)
    return _render(request, "ecodesign", day=day, pages=pages, heaviest=heaviest)


@require_safe
def legal(request: HttpRequest) -> HttpResponse:
    facts = legal_facts()
    return _render(request, "legal", facts=facts, missing=[fact for fact in facts if not fact.value])


def _render(request: HttpRequest, name: str, **context: Any) -> HttpResponse:
    """Render a page with the contact of the publisher."""
    contact = {"publisher": settings.LEGAL_PUBLISHER, "email": settings.LEGAL_EMAIL}
    return render(request, f"pages/{name}.html", contact | context)
