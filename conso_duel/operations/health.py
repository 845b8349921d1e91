"""`/sante/`: the state of each component, as a page for people and as JSON for load balancers."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import lru_cache
from http import HTTPStatus

import redis
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from conso_duel.operations import workers as watching
from duels import valkey
from duels.votes.vote_counting import is_rush, votes_last_minute
from duels.worker import beat
from models_registry.models import LanguageModel

FRESH_SECONDS = 2  # a page that many request must not become a load of its own
CONNECT_TIMEOUT_SECONDS = 2
LONG_WAIT_SECONDS = 20  # an answer that no worker has claimed by then means that the queue grows


class State(StrEnum):
    """State of a component, or of the whole site."""

    OK = "ok"
    DEGRADED = "degraded"
    DOWN = "down"


LABELS: dict[State, str | Promise] = {
    State.OK: _("tout va bien"),
    State.DEGRADED: _("fonctionne mal"),
    State.DOWN: _("ne répond pas"),
}
TITLES: dict[str, str | Promise] = {
    "database": _("Base de données"),
    "broker": _("File d’attente et réponses en direct"),
    "workers": _("Processus qui écrivent les réponses"),
    "clock": _("Horloge qui relance ce qui s’est arrêté"),
    "models": _("Modèles qui peuvent répondre"),
    "votes": _("Votes en une minute, bien plus que d’habitude"),
    "keys": _("Modèles activés dont la clé manque, qui ne sont pas tirés"),
}
SENTENCES: dict[State, str | Promise] = {
    State.OK: _("Tout fonctionne."),
    State.DEGRADED: _("Les pages s’affichent, mais des duels peuvent attendre ou s’interrompre."),
    State.DOWN: _("Le site ne peut rien lire ni enregistrer pour le moment."),
}


@dataclass(frozen=True, slots=True)
class ComponentStatus:
    """One component and its state; `count`: how many workers or models there are, None for the others."""

    name: str
    state: State
    count: int | None = None

    @property
    def label(self) -> str:
        return str(LABELS[self.state])

    @property
    def title(self) -> str:
        return str(TITLES[self.name])


@require_safe
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """A page, or JSON where the request accepts it; 503 without the database, when no page can be served."""
    components = component_statuses(int(time.monotonic() / FRESH_SECONDS))
    state = overall_state(components)
    status = HTTPStatus.SERVICE_UNAVAILABLE if state is State.DOWN else HTTPStatus.OK
    if request.GET.get("format") == "json" or "json" in request.headers.get("Accept", ""):
        by_name = {component.name: asdict(component) for component in components}
        return JsonResponse({"state": state, "parts": by_name}, status=status)
    context = {"components": components, "sentence": SENTENCES[state]}
    return render(request, "health.html", context, status=status)


@lru_cache(maxsize=1)
def component_statuses(moment: int) -> tuple[ComponentStatus, ...]:
    """Every component, checked once per `moment`, a number of periods of FRESH_SECONDS."""
    checks: tuple[Callable[[], ComponentStatus], ...] = (broker, workers, clock, models)
    database_status = database()
    if database_status.state is State.DOWN:  # each of the others would wait for a connection of its own
        return (database_status, broker())
    return (database_status, *(check() for check in checks), *missing_keys(), *rush_of_votes())


def overall_state(components: tuple[ComponentStatus, ...]) -> State:
    """Down without the database; degraded when anything else is not OK."""
    states = {component.state for component in components}
    if any(component.name == "database" and component.state is State.DOWN for component in components):
        return State.DOWN
    return State.OK if states == {State.OK} else State.DEGRADED


def database() -> ComponentStatus:
    """Connect outside the pool, which would retry for ten seconds what one refusal shows."""
    driver, parameters = connection.Database, connection.get_connection_params()  # type: ignore[attr-defined]
    if connection.vendor == "postgresql":
        parameters["connect_timeout"] = CONNECT_TIMEOUT_SECONDS
    try:
        with connection.wrap_database_errors:
            driver.connect(**parameters).close()
    except DatabaseError:
        return ComponentStatus("database", State.DOWN)
    return ComponentStatus("database", State.OK)


def broker() -> ComponentStatus:
    return ComponentStatus("broker", State.OK if valkey.is_up() else State.DOWN)


def workers() -> ComponentStatus:
    """Workers with a recent heartbeat, and whether they keep up with the queue."""
    try:
        listening = watching.worker_count(valkey.client())
    except redis.RedisError:
        return ComponentStatus("workers", State.DOWN)
    if not listening:
        return ComponentStatus("workers", State.DOWN, 0)
    keeps_up = watching.oldest_wait_seconds() < LONG_WAIT_SECONDS
    return ComponentStatus("workers", State.OK if keeps_up else State.DEGRADED, listening)


def clock() -> ComponentStatus:
    try:
        ticks = beat.is_beat_alive()
    except redis.RedisError:
        ticks = False
    return ComponentStatus("clock", State.OK if ticks else State.DOWN)


def models() -> ComponentStatus:
    """A duel needs two. Follows with a delay: whoever sees a duel fail must not see its model vanish here."""
    playable = LanguageModel.objects.listed().count()
    return ComponentStatus("models", State.OK if playable >= 2 else State.DEGRADED, playable)


def rush_of_votes() -> tuple[ComponentStatus, ...]:
    """One part while many votes are cast in a minute; none otherwise."""
    votes = votes_last_minute()
    return (ComponentStatus("votes", State.DEGRADED, votes),) if is_rush(votes) else ()


def missing_keys() -> tuple[ComponentStatus, ...]:
    """One part when enabled models wait for their key; none otherwise. Their variables are for curators."""
    waiting = LanguageModel.objects.waiting_for_key().count()
    return (ComponentStatus("keys", State.DEGRADED, waiting),) if waiting else ()
