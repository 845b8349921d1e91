"""How the platform is doing, part by part: for its operators, for load balancers, and for who wonders."""

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
from duels import beat, valkey
from models_registry.models import LanguageModel

FRESH_SECONDS = 2  # a page that many ask for must not become a load of its own
CONNECT_TIMEOUT_SECONDS = 2
LONG_WAIT_SECONDS = 20  # an answer that no worker has taken by then is a queue that grows


class State(StrEnum):
    """How a part does."""

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
}
SENTENCES: dict[State, str | Promise] = {
    State.OK: _("Tout fonctionne."),
    State.DEGRADED: _("Les pages s’affichent, mais des duels peuvent attendre ou s’interrompre."),
    State.DOWN: _("Le site ne peut rien lire ni enregistrer pour le moment."),
}


@dataclass(frozen=True, slots=True)
class ComponentStatus:
    """One part and its state; `count`: how many of them there are, where that tells something."""

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
    """A page, or JSON for who asks for it; 503 when no page can be served: without the database."""
    parts = component_statuses(int(time.monotonic() / FRESH_SECONDS))
    state = overall(parts)
    status = HTTPStatus.SERVICE_UNAVAILABLE if state is State.DOWN else HTTPStatus.OK
    if request.GET.get("format") == "json" or "json" in request.headers.get("Accept", ""):
        told = {part.name: asdict(part) for part in parts}
        return JsonResponse({"state": state, "parts": told}, status=status)
    context = {"parts": parts, "sentence": SENTENCES[state]}
    return render(request, "health.html", context, status=status)


@lru_cache(maxsize=1)
def component_statuses(moment: int) -> tuple[ComponentStatus, ...]:
    """Every part, looked at once per `moment`."""
    checks: tuple[Callable[[], ComponentStatus], ...] = (broker, workers, clock, models)
    database_part = database()
    if database_part.state is State.DOWN:  # asked once: each question to a database that is away waits
        checks = (broker,)
    return (database_part, *(check() for check in checks))


def overall(parts: tuple[ComponentStatus, ...]) -> State:
    """Down without the database; degraded when anything else is not as it should be."""
    states = {part.state for part in parts}
    if any(part.name == "database" and part.state is State.DOWN for part in parts):
        return State.DOWN
    return State.OK if states == {State.OK} else State.DEGRADED


def database() -> ComponentStatus:
    """A connection of its own: the pool would try for ten seconds what one refusal tells."""
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
    """Those that listen, and whether they keep up."""
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
    """A duel needs two."""
    playable = LanguageModel.objects.playable().count()
    return ComponentStatus("models", State.OK if playable >= 2 else State.DEGRADED, playable)
