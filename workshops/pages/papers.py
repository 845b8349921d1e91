"""Pages to print: the guide, the cards to raise, the debrief; and the debrief as CSV and JSON."""

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from duels.queries import load_answers
from recordings.pack_file import pack_response
from recordings.recorder import can_record, make_pack, record_duel
from web.http import Request
from workshops.debrief import Debrief, as_csv, as_json, debrief, doubt_sentence
from workshops.identity import facilitator_token, get_workshop
from workshops.scenario import from_dict, ready_made


@require_safe
def guide(request: Request) -> HttpResponse:
    return render(request, "workshops/guide.html", {"scenarios": ready_made(get_language() or "fr").items()})


@require_safe
def cards(request: Request) -> HttpResponse:
    return render(request, "workshops/cards.html")


@require_safe
def debrief_page(request: Request, code: str) -> HttpResponse:
    made = _readable(request, code)
    return render(
        request,
        "workshops/debrief.html",
        {
            "debrief": made,
            "code": code,
            "doubt": doubt_sentence(made) if made.ranking else "",
            "is_facilitator": bool(facilitator_token(request, made.workshop)),
        },
    )


@require_safe
def debrief_pack(request: Request, code: str) -> HttpResponse:
    """The duels that were revealed, for the facilitator: one page that plays them without a network."""
    workshop = get_workshop(request, code)
    if not facilitator_token(request, workshop):
        raise Http404
    duels = [load_answers(one.round.duel) for one in debrief(workshop).duels if one.round.duel]
    recorded = [record_duel(duel) for duel in duels if can_record(duel)]
    if not recorded:
        raise Http404
    return pack_response(make_pack(recorded, from_dict(workshop.scenario).title, _("Un atelier")), "html")


@require_safe
def debrief_csv(request: Request, code: str) -> HttpResponse:
    response = HttpResponse(as_csv(_readable(request, code)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="atelier-{code}.csv"'
    return response


@require_safe
def debrief_json(request: Request, code: str) -> JsonResponse:
    return JsonResponse(as_json(_readable(request, code)), json_dumps_params={"ensure_ascii": False})


def _readable(request: Request, code: str) -> Debrief:
    """For the facilitator at any time; for participants once the workshop has ended."""
    workshop = get_workshop(request, code)
    if workshop.ended_at is None and not facilitator_token(request, workshop):
        raise Http404
    return debrief(workshop)
