"""The scenario of a workshop: order, removal and addition of steps, a file to download and to upload."""

from dataclasses import replace
from http import HTTPStatus

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from web.http import Request, SeeOther
from workshops.codes import new_code
from workshops.commands import Overtaken, announce, change
from workshops.identity import get_led_workshop
from workshops.models import Workshop
from workshops.pages.entrance import chosen_scenario
from workshops.phases import start_of
from workshops.rounds import open_quiz
from workshops.scenario import KINDS, InvalidScenario, Scenario, Step, from_dict, to_toml


@require_http_methods(["GET", "HEAD", "POST"])
def editor(request: Request, code: str) -> HttpResponse:
    """GET lists the steps; POST makes one change, named by `edit`."""
    workshop = get_led_workshop(request, code)
    if request.method != "POST":
        return _render(request, workshop)
    try:
        edited = _edited(request, from_dict(workshop.scenario))
    except InvalidScenario as problem:
        return _render(request, workshop, str(problem), HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        save(workshop, edited)
    except Overtaken:
        return _render(
            request, workshop, _("L’atelier a changé entre-temps : réessayez."), HTTPStatus.CONFLICT
        )
    announce(code)
    return SeeOther(request.path)


def save(workshop: Workshop, scenario: Scenario) -> None:
    """Store the scenario; where the present step was removed, the workshop goes to the first one."""
    position = {}
    if all(step.id != workshop.step_id for step in scenario.steps):
        first = start_of(scenario, 0)
        position = {"step_id": first.step_id, "phase": first.phase}
    with transaction.atomic():
        change(workshop, scenario=scenario.as_dict(), **position)
        open_quiz(workshop)


def _edited(request: Request, scenario: Scenario) -> Scenario:
    """The scenario after « up:id », « down:id », « remove:id », « add » or « upload ».

    Raises InvalidScenario.
    """
    name, _colon, step_id = request.POST.get("edit", "").partition(":")
    if name == "upload":
        return chosen_scenario(request)
    steps = list(scenario.steps)
    index = next((rank for rank, step in enumerate(steps) if step.id == step_id), None)
    if name == "add":
        steps.append(_new_step(request))
    elif index is None:
        raise InvalidScenario(_("Cette étape n’existe plus."))
    elif name == "remove":
        del steps[index]
    elif name in ("up", "down"):
        to = min(max(index + (1 if name == "down" else -1), 0), len(steps) - 1)
        steps.insert(to, steps.pop(index))
    return from_dict(replace(scenario, steps=tuple(steps)).as_dict())


def _new_step(request: Request) -> Step:
    sent = request.POST
    options = tuple(line.strip() for line in sent.get("lines", "").splitlines() if line.strip())
    kind = sent.get("kind", "")
    return Step(
        id=f"ajout-{new_code().lower()}",
        kind=kind,
        title=sent.get("title", "").strip(),
        minutes=int(sent["minutes"]) if sent.get("minutes", "").isdecimal() else 0,
        text=sent.get("lines", "") if kind == "slide" else "",
        prompts=options if kind == "discussion" else (),
        options=options if kind == "quiz" else (),
        right=int(sent["right"]) if kind == "quiz" and sent.get("right", "").isdecimal() else 0,
        question=sent.get("lines", "").strip() if kind == "duel" else "",
    )


def _render(
    request: Request, workshop: Workshop, notice: str = "", status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    scenario = from_dict(workshop.scenario)
    context = {
        "scenario": scenario,
        "code": workshop.code,
        "notice": notice,
        "kinds": KINDS,
        "now": workshop.step_id,
    }
    return render(request, "workshops/editor.html", context, status=status)


@require_safe
def download(request: Request, code: str) -> HttpResponse:
    """The scenario as a file that « Ouvrir un atelier » takes back."""
    workshop = get_led_workshop(request, code)
    response = HttpResponse(
        to_toml(from_dict(workshop.scenario)), content_type="application/toml; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="scenario.toml"'
    return response
