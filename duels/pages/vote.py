"""Votes before the reveal: a reaction to an answer, the vote with its bet."""

from http import HTTPStatus

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from duels.lifecycle import InvalidState
from duels.models import Answer
from duels.pages import presenters
from duels.pages.duel import render_duel
from duels.pages.forms import ReactionForm, VoteForm
from duels.pages.responses import bad_form, redirect_to_duel
from duels.pages.visitor import get_own_duel, voter_of
from duels.votes import voting
from web.http import Request


@require_POST
def react(request: Request, code: str, number: int, side: str) -> HttpResponse:
    duel, form = get_own_duel(request, code), ReactionForm(request.POST)
    answers = Answer.objects.select_related("turn__duel").filter(state=Answer.State.DONE)
    answer = get_object_or_404(answers, turn__duel=duel, turn__number=number, side=side)
    if not form.is_valid():
        return bad_form(request)
    try:
        voting.set_reaction(answer, form.cleaned_data["liking"], form.cleaned_data["reasons"])
    except InvalidState:
        raise Http404 from None
    if not request.htmx:
        return redirect_to_duel(duel, f"#turn-{number}")
    answer = Answer.objects.select_related("turn", "reaction").get(pk=answer.pk)
    view = presenters.present_answer(duel, answer.turn, answer)
    return render(request, "duels/_reaction.html", {"answer": view, "code": code, "number": number})


@require_POST
def vote(request: Request, code: str) -> HttpResponse:
    duel, form = get_own_duel(request, code), VoteForm(request.POST)
    if not duel.is_revealed:
        if not form.is_valid():
            return render_duel(request, duel, HTTPStatus.UNPROCESSABLE_ENTITY, invalid_vote=form)
        try:
            voter = voter_of(request, duel.visitor)
            voting.cast_vote(duel, form.cleaned_data["choice"], form.comments(), voter, form.placed_bet())
        except InvalidState:
            return render_duel(request, duel, HTTPStatus.CONFLICT, invalid_vote=form)
        duel = get_own_duel(request, code)
    return render_duel(request, duel) if request.htmx else redirect_to_duel(duel, "#reveal")
