"""The page « Suivez votre question »."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from duels.visitors import visitor_of
from learn.model_choices import models_by_slug
from learn.own_question.followed import example_question, follow_duel, last_voted_duel
from learn.own_question.screens import question_screens
from web.http import Request


@never_cache
@require_safe
def follow_question(request: Request) -> HttpResponse:
    """Five screens on one page; `duel` in the address chooses among the visitor's own duels."""
    duel = last_voted_duel(visitor_of(request), request.GET.get("duel", ""))
    followed = follow_duel(duel) if duel else example_question(models_by_slug())
    context = {"followed": followed, "view": question_screens(followed) if followed else None}
    return render(request, "learn/own_question/page.html", context)
