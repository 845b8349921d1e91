"""After the reveal: the second vote, and the figures as JSON."""

from http import HTTPStatus

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from duels.lifecycle import InvalidState
from duels.pages.forms import SecondVoteForm
from duels.pages.responses import bad_form, redirect_to_duel, refresh
from duels.pages.visitor import get_own_duel
from duels.reveal import parse_options, serialize_reveal
from duels.votes import voting
from duels.votes.ballot_forms import second_vote_view
from web.http import Request


@require_POST
def second_vote(request: Request, code: str) -> HttpResponse:
    duel, form = get_own_duel(request, code), SecondVoteForm(request.POST)
    if not form.is_valid():
        return bad_form(request)
    try:
        duel.second_vote = voting.cast_second_vote(duel, form.cleaned_data["choice"])
    except InvalidState:
        return refresh(request, duel)
    options = parse_options(request.GET)
    if not request.htmx:
        return redirect_to_duel(duel, f"{options.query}#second-vote")
    context = {"duel": duel, "second_vote": second_vote_view(duel), "options": options}
    return render(request, "duels/_second_vote.html", context)


@require_safe
def reveal_json(request: Request, code: str) -> HttpResponse:
    duel = get_own_duel(request, code)
    if not duel.is_revealed:
        sentence = _("Vous n’avez pas encore voté : rien n’est révélé avant.")
        return JsonResponse({"error": str(sentence)}, status=HTTPStatus.FORBIDDEN)
    return JsonResponse(serialize_reveal(duel))
