"""The panel below the answers: wait, vote, retry, or the reveal. htmx replaces it as the duel goes on."""

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from duels.models import Duel
from duels.pages.presenters import NextStep, present_next_step
from duels.pages.visitor import duel_slots, get_own_duel
from web.http import Request
from web.page_cache import cached_fragment


@require_safe
def next_step(request: Request, code: str) -> HttpResponse:
    """The panel for htmx, once the stream of the page has ended."""
    return render_next_step(request, get_own_duel(request, code))


def render_next_step(request: Request, duel: Duel) -> HttpResponse:
    step = present_next_step(duel)
    if request.htmx and step.state in ("streaming", "reveal"):
        # Another tab has retried a side, or voted: this page must be loaded anew.
        return HttpResponse(headers={"HX-Refresh": "true"})
    return HttpResponse(next_step_html(request, duel, step, duel_slots(request, duel)))


def next_step_html(request: Request, duel: Duel, step: NextStep, slots: dict[str, str]) -> SafeString:
    """The panel, from the cache unless it holds a reveal or a form that one visitor has sent."""
    template = f"duels/_next_step_{step.state}.html"
    if step.reveal or step.invalid_vote or step.invalid_turn:
        context = {"duel": duel, "step": step, "reveal": step.reveal, **slots}
        return render_to_string(template, context, request)
    key = (step.state, step.failed_sides, step.can_add_turn, step.no_turn_sentence, step.reasons.key)
    return cached_fragment(template, key, {"step": step}, slots)
