"""Around the reveal: the bet before it, the second vote after it, its figures for a machine."""

from http import HTTPStatus

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from duels import ballot_forms, voting
from duels.lifecycle import InvalidState
from duels.models import Duel
from duels.pages.duel import bad_form, get_own_duel
from duels.pages.forms import GuessForm, SecondVoteForm
from duels.reveal import parse_options, serialize_reveal
from web.http import Request, SeeOther


@require_POST
def guess(request: Request, code: str) -> HttpResponse:
    duel, form = get_own_duel(request, code), GuessForm(request.POST)
    if not form.is_valid():
        return bad_form(request)
    try:
        duel.guess = voting.place_guess(duel, form.cleaned_data["side"], form.cleaned_data["factor"])
    except InvalidState:
        return refresh(request, duel)
    if not request.htmx:
        return SeeOther(duel.get_absolute_url() + "#guess")
    guess = ballot_forms.guess_view(ballot_forms.placed_guess(duel))
    return render(request, "duels/_guess.html", {"code": code, "guess": guess})


@require_POST
def second_vote(request: Request, code: str) -> HttpResponse:
    duel, form = get_own_duel(request, code), SecondVoteForm(request.POST)
    if not form.is_valid():
        return bad_form(request)
    try:
        duel.second_vote = voting.cast_second_vote(duel, form.cleaned_data["choice"])
    except InvalidState:
        return refresh(request, duel)
    reading = parse_options(request.GET)
    if not request.htmx:
        return SeeOther(f"{duel.get_absolute_url()}{reading.query}#second-vote")
    context = {"duel": duel, "second_vote": ballot_forms.second_vote_view(duel), "reading": reading}
    return render(request, "duels/_second_vote.html", context)


def refresh(request: Request, duel: Duel) -> HttpResponse:
    """The duel has moved on in another tab: the page that asked is shown as it is now."""
    if request.htmx:
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"HX-Refresh": "true"})
    return SeeOther(duel.get_absolute_url())


@require_safe
def reveal_json(request: Request, code: str) -> HttpResponse:
    """The reveal for a machine, once the vote is cast."""
    duel = get_own_duel(request, code)
    if not duel.is_revealed:
        sentence = _("Vous n’avez pas encore voté : rien n’est révélé avant.")
        return JsonResponse({"error": str(sentence)}, status=HTTPStatus.FORBIDDEN)
    return JsonResponse(serialize_reveal(duel))
