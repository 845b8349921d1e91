"""Limits on prompts: per visitor, per address and for the whole site.

A follow-up or a retry counts as a prompt. No message names a model that was drawn: once the allowance of
expensive models is used up, others are drawn, and only a visitor who chose one by name gets a message.
"""

import logging
import time
from dataclasses import dataclass
from http import HTTPStatus

import redis
from django.conf import settings
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext

from duels import valkey
from duels.models import Answer, Turn
from web.compiled_query import compiled_query
from web.rate_limit import Charge, LimitExceeded, RateLimit, consume

logger = logging.getLogger(__name__)

HOUR_SECONDS, DAY_SECONDS = 3_600, 86_400
RUNNING_WAIT_SECONDS = 15  # most answers end within
PAUSED_WAIT_SECONDS = 30
PAUSED = gettext_lazy("Les duels sont en pause pour quelques instants. Votre question est gardée ici.")

MESSAGES: dict[str, str | Promise] = {
    "session": gettext_lazy("Vous avez posé beaucoup de questions en peu de temps. Revenez %(when)s."),
    "address": gettext_lazy(
        "Beaucoup de questions viennent en ce moment de votre connexion, que d’autres partagent peut-être. "
        "Revenez %(when)s."
    ),
    "site": gettext_lazy("Le site a reçu toutes les questions qu’il peut prendre. Revenez %(when)s."),
    "running": gettext_lazy("Vos autres duels sont encore en cours : attendez la fin de l’un d’eux."),
    "expensive-session": gettext_lazy(
        "Ce modèle est parmi les plus chers, et vous l’avez beaucoup choisi : prenez-en un autre, "
        "ou revenez %(when)s."
    ),
    "expensive-address": gettext_lazy(
        "Ce modèle est parmi les plus chers, et il a beaucoup répondu d’ici : prenez-en un autre, "
        "ou revenez %(when)s."
    ),
}


@dataclass(frozen=True, slots=True)
class Requester:
    """The visitor and the address of a request, as hashes; None before a first duel, or where unknown."""

    visitor: str | None
    address: str | None


class RateLimited(Exception):
    """A prompt refused for now. is_for_expensive: only expensive models are refused."""

    def __init__(
        self, message: str, status: HTTPStatus, wait_seconds: int, *, is_for_expensive: bool = False
    ) -> None:
        super().__init__(message)
        self.message, self.status, self.wait_seconds = message, status, wait_seconds
        self.is_for_expensive = is_for_expensive


def check_limits(requester: Requester, expensive_answers: int = 0) -> None:
    """Charge one prompt to every limit. Raises RateLimited, and then charges none."""
    client, charges = valkey.client(), _charges(requester, expensive_answers)
    try:
        if not any(charge.is_limited for charge in charges):
            client.ping()  # no answer can be streamed without Valkey, whatever the limits
        exceeded = _running_limit_exceeded(requester) or consume(client, charges, time.time())
    except redis.RedisError:
        raise RateLimited(str(PAUSED), HTTPStatus.SERVICE_UNAVAILABLE, PAUSED_WAIT_SECONDS) from None
    if exceeded:
        logger.info("a prompt is refused: the limit %s is exceeded", exceeded.name)
        raise RateLimited(
            message_for(exceeded),
            HTTPStatus.TOO_MANY_REQUESTS,
            exceeded.wait_seconds,
            is_for_expensive=exceeded.name.startswith("expensive"),
        )


def _running_limit_exceeded(requester: Requester) -> LimitExceeded | None:
    """Counted in the database, where the reaper ends an answer whose worker is gone."""
    if not (requester.visitor and settings.LIMIT_RUNNING_DUELS):
        return None
    is_exceeded = len(_running_turns(requester.visitor)) >= settings.LIMIT_RUNNING_DUELS
    return LimitExceeded("running", RUNNING_WAIT_SECONDS) if is_exceeded else None


@compiled_query
def _running_turns(visitor: str) -> QuerySet[Turn]:
    unfinished = (Answer.State.WAITING, Answer.State.STREAMING)
    turns = Turn.objects.filter(duel__visitor=visitor, answers__state__in=unfinished)
    return turns.only("pk").order_by().distinct()


def _charges(requester: Requester, expensive_answers: int) -> list[Charge]:
    """What one prompt takes from each limit."""
    site = RateLimit("site", settings.LIMIT_SITE_PER_DAY, DAY_SECONDS)
    charges = [Charge(site, "all")]
    if visitor := requester.visitor:
        hourly = RateLimit("session", settings.LIMIT_SESSION_PER_HOUR, HOUR_SECONDS)
        expensive = RateLimit("expensive-session", settings.LIMIT_EXPENSIVE_SESSION_PER_DAY, DAY_SECONDS)
        charges += [Charge(hourly, visitor), Charge(expensive, visitor, expensive_answers)]
    if address := requester.address:
        hourly = RateLimit("address", settings.LIMIT_ADDRESS_PER_HOUR, HOUR_SECONDS)
        expensive = RateLimit("expensive-address", settings.LIMIT_EXPENSIVE_ADDRESS_PER_DAY, DAY_SECONDS)
        charges += [Charge(hourly, address), Charge(expensive, address, expensive_answers)]
    return charges


def message_for(exceeded: LimitExceeded) -> str:
    """Why the prompt is refused, and when to come back."""
    return str(MESSAGES[exceeded.name]) % {"when": format_delay(exceeded.wait_seconds)}


def format_delay(seconds: int) -> str:
    """« dans une minute », « dans 3 heures »: rounded up, so that nobody comes back too early."""
    minutes = -(-seconds // 60)
    if minutes < 60:
        return ngettext("dans une minute", "dans %(count)d minutes", minutes) % {"count": minutes}
    hours = -(-minutes // 60)
    return ngettext("dans une heure", "dans %(count)d heures", hours) % {"count": hours}
