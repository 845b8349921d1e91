"""The participant's view: joining, votes, the size of a table, a proposed question, both answers to read."""

import json
from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from web.http import Request, SeeOther
from workshops.ballot_box import UnknownChoice, VoteClosed, ballots_of_seat, cast_ballot, seat_people
from workshops.codes import is_guessing
from workshops.feed import make_fragment
from workshops.identity import (
    find_seat,
    get_workshop,
    hash_seat,
    is_inside,
    seat_token,
    set_seat_cookie,
)
from workshops.models import MAX_HEADS, MAX_PROPOSAL_CHARACTERS, Proposal, Round, Seat, Workshop
from workshops.pages.entrance import JOINS, exceeds, lead_to, render_entrance
from workshops.pages.rendering import READING, render_view
from workshops.room_state import load_snapshot

MAX_PROPOSALS = 5  # of one seat


@require_safe
def participant(request: Request, code: str) -> HttpResponse:
    """The page of a seat, which is made at the first visit."""
    workshop = Workshop.objects.filter(code=code).first()
    if workshop is None or (is_guessing(request, is_known=True) and not is_inside(request, workshop)):
        return lead_to(request, code)
    seat, token = find_seat(request, workshop), seat_token(request)
    if seat is None and workshop.ended_at is None:
        if exceeds(request, JOINS):
            return render_entrance(
                request,
                _("Beaucoup de monde entre en ce moment : réessayez."),
                code,
                HTTPStatus.TOO_MANY_REQUESTS,
            )
        seat = take_seat(workshop, token)
    response = _render(request, workshop, seat)
    set_seat_cookie(response, token)
    return response


def take_seat(workshop: Workshop, token: str) -> Seat:
    """The seat of this cookie, once: two tabs that join together get the same."""
    with transaction.atomic():
        Workshop.objects.filter(pk=workshop.pk).update(
            seat_count=F("seat_count") + 1, active_at=timezone.now()
        )
        number = Workshop.objects.values_list("seat_count", flat=True).get(pk=workshop.pk)
        return Seat.objects.get_or_create(
            workshop=workshop, token_hash=hash_seat(workshop, token), defaults={"number": number}
        )[0]


def _render(request: Request, workshop: Workshop, seat: Seat | None) -> HttpResponse:
    snapshot = load_snapshot(workshop.code)
    assert snapshot is not None
    fragment = make_fragment(render_view(snapshot, "participant"))
    played = snapshot.round
    mine = ballots_of_seat(played, seat) if played and seat else {}
    context: dict[str, Any] = {
        "workshop": workshop,
        "code": workshop.code,
        "seat": seat,
        "fragment": SafeString(fragment.html),
        "tag": fragment.tag,
        "mine": json.dumps(
            {f"{played.number}:{kind}": choice for kind, choice in mine.items()} if played else {}
        ),
        "heads": range(1, MAX_HEADS + 1),
        "max_proposal": MAX_PROPOSAL_CHARACTERS,
    }
    return render(request, "workshops/participant.html", context)


@require_POST
def ballot(request: Request, code: str) -> HttpResponse:
    """Store a ballot, « round:kind:choice ». 409 where the vote is closed, 410 for a device taken out."""
    workshop = get_workshop(request, code)
    seat = find_seat(request, workshop)
    number, kind, choice = (*request.POST.get("ballot", "").split(":"), "", "", "")[:3]
    if seat is None or seat.removed_at:
        return _reply(request, code, _("Cet appareil n’est plus dans l’atelier."), HTTPStatus.GONE)
    try:
        cast_ballot(
            workshop, seat, int(number) if number.isdecimal() and len(number) < 5 else 0, kind, choice
        )
    except VoteClosed:
        sentence = _("Trop tard : ce vote est clos. Votre voix d’avant, s’il y en a une, compte.")
        return _reply(request, code, sentence, HTTPStatus.CONFLICT)
    except UnknownChoice:
        return _reply(request, code, _("Ce choix n’existe pas."), HTTPStatus.UNPROCESSABLE_ENTITY)
    return _reply(request, code, "", HTTPStatus.OK)


def _reply(request: Request, code: str, sentence: str, status: HTTPStatus) -> HttpResponse:
    """A sentence for the script; without it, the page again."""
    if request.headers.get("X-Live"):
        return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
    if status == HTTPStatus.OK:
        return SeeOther(f"/ateliers/{code}/")
    return render(request, "workshops/sentence.html", {"sentence": sentence, "code": code}, status=status)


@require_POST
def heads(request: Request, code: str) -> HttpResponse:
    """How many people this device speaks for."""
    workshop = get_workshop(request, code)
    seat, number = find_seat(request, workshop), request.POST.get("heads", "")
    if seat and number.isdecimal() and 1 <= int(number[:3]) <= MAX_HEADS:
        seat_people(workshop, seat, int(number))
    return _reply(request, code, "", HTTPStatus.OK)


@require_POST
def propose(request: Request, code: str) -> HttpResponse:
    """Propose a question to the facilitator."""
    workshop = get_workshop(request, code)
    seat = find_seat(request, workshop)
    text = " ".join(request.POST.get("text", "").replace("\x00", "").split())[:MAX_PROPOSAL_CHARACTERS]
    if seat is None or seat.removed_at or workshop.ended_at:
        return _reply(request, code, _("Cet appareil n’est plus dans l’atelier."), HTTPStatus.GONE)
    if not text or not add_proposal(workshop, seat, text):
        return _reply(
            request, code, _("Cinq questions au plus, et aucune vide."), HTTPStatus.UNPROCESSABLE_ENTITY
        )
    return _reply(request, code, "", HTTPStatus.OK)


@transaction.atomic
def add_proposal(workshop: Workshop, seat: Seat, text: str) -> bool:
    """Store the question once; False where the seat has proposed MAX_PROPOSALS others.

    The row of the seat is locked: questions that come together are counted one after the other.
    """
    Seat.objects.select_for_update(no_key=True).get(pk=seat.pk)
    others = seat.proposals.exclude(text=text).count()
    if others < MAX_PROPOSALS:
        Proposal.objects.get_or_create(workshop=workshop, seat=seat, text=text)
    return others < MAX_PROPOSALS


@require_safe
def reading(request: Request, code: str, number: int) -> HttpResponse:
    """Both answers of the round in play, once they have ended."""
    workshop = get_workshop(request, code)
    played = get_object_or_404(Round, workshop=workshop, number=min(number, 9_999), replaced_at=None)
    snapshot = load_snapshot(code)
    is_shown = snapshot and snapshot.round == played and played.ready_at
    if not is_shown or snapshot is None or snapshot.position.phase not in (*READING, "second", "outcome"):
        raise Http404
    name = "_reading" if request.headers.get("X-Live") else "reading"
    return render(request, f"workshops/{name}.html", {"state": snapshot, "code": code})
