"""The panel below the answers: wait, vote, retry, or the reveal. htmx replaces it as the duel goes on."""

from http import HTTPStatus

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from duels.models import Duel
from duels.pages.forms import VoteForm
from duels.pages.presenters import NextStep, present_next_step, present_turn
from duels.pages.visitor import duel_slots, get_own_duel
from web.http import Request
from web.page_cache import cached_fragment


@require_safe
def next_step(request: Request, code: str) -> HttpResponse:
    """The panel for htmx, once the stream of the page has ended."""
    return render_next_step(request, get_own_duel(request, code))


def render_next_step(
    request: Request,
    duel: Duel,
    status: HTTPStatus = HTTPStatus.OK,
    invalid_vote: VoteForm | None = None,
) -> HttpResponse:
    step = present_next_step(duel, invalid_vote)
    if request.htmx and step.state == "streaming":
        # Another tab has retried a side: this page must connect to its stream.
        return HttpResponse(status=status, headers={"HX-Refresh": "true"})
    html = next_step_html(request, duel, step, duel_slots(request, duel))
    return HttpResponse(html + _reasonings_html(duel) if step.reveal else html, status=status)


def _reasonings_html(duel: Duel) -> SafeString:
    """The reasonings, which htmx puts into the cards above: they are not shown before the vote."""
    turns = [present_turn(duel, turn) for turn in duel.turns.all()]
    return SafeString(
        "".join(
            render_to_string(
                "duels/_reasoning.html", {"number": turn.number, "answer": side, "is_swapped_in": True}
            )
            for turn in turns
            for side in turn.sides
            if side.reasoning
        )
    )


def next_step_html(request: Request, duel: Duel, step: NextStep, slots: dict[str, str]) -> SafeString:
    """The panel, from the cache unless it holds a reveal or a form that one visitor has sent."""
    template = f"duels/_next_step_{step.state}.html"
    if step.reveal or step.invalid_vote or step.invalid_turn:
        context = {"duel": duel, "step": step, "reveal": step.reveal, **slots}
        return render_to_string(template, context, request)
    key = (step.state, step.failed_sides, step.can_add_turn, step.no_turn_sentence, step.placed_guess)
    return cached_fragment(template, key, {"step": step}, slots)
