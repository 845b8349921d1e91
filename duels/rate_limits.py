"""Who may ask now: the questions of a visitor, of their address and of the whole site are limited.

A follow-up or a second try counts as a question. Nothing here tells a visitor which models they met: costly
models leave the draw when their share is spent, and only who asks for one by name is told so.
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
RUNNING_WAIT_SECONDS = 15  # answers end in so much time, most often
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
    "costly-session": gettext_lazy(
        "Ce modèle est parmi les plus chers, et vous l’avez beaucoup choisi : prenez-en un autre, "
        "ou revenez %(when)s."
    ),
    "costly-address": gettext_lazy(
        "Ce modèle est parmi les plus chers, et il a beaucoup répondu d’ici : prenez-en un autre, "
        "ou revenez %(when)s."
    ),
}


@dataclass(frozen=True, slots=True)
class Requester:
    """Who asks, as hashes: nobody's visitor before a first duel, no address where none was told."""

    visitor: str | None
    address: str | None


class RateLimited(Exception):
    """This question cannot be taken now; the sentence says why, and when to come back."""

    def __init__(self, sentence: str, status: HTTPStatus, wait_seconds: int, *, costly: bool = False) -> None:
        super().__init__(sentence)
        self.sentence, self.status, self.wait_seconds, self.costly = sentence, status, wait_seconds, costly


def check_limits(asker: Requester, costly_answers: int = 0) -> None:
    """Counts one question, whose answers are costly so many times; raises NotAdmitted, and counts nothing."""
    client, claims = valkey.client(), _charges(asker, costly_answers)
    try:
        if not any(claim.is_limited for claim in claims):
            client.ping()  # without Redis no answer can be streamed, whatever the limits
        refusal = _too_many_running(asker) or consume(client, claims, time.time())
    except redis.RedisError:
        raise RateLimited(str(PAUSED), HTTPStatus.SERVICE_UNAVAILABLE, PAUSED_WAIT_SECONDS) from None
    if refusal:
        logger.info("a question is refused: the allowance %s is spent", refusal.name)
        raise RateLimited(
            message_for(refusal),
            HTTPStatus.TOO_MANY_REQUESTS,
            refusal.wait_seconds,
            costly=refusal.name.startswith("costly"),
        )


def _too_many_running(asker: Requester) -> LimitExceeded | None:
    """Counted in the database: an answer that its worker has left is no longer in anybody's way."""
    if not (asker.visitor and settings.LIMIT_RUNNING_DUELS):
        return None
    spent = len(_running(asker.visitor)) >= settings.LIMIT_RUNNING_DUELS
    return LimitExceeded("running", RUNNING_WAIT_SECONDS) if spent else None


@compiled_query
def _running(visitor: str) -> QuerySet[Turn]:
    unfinished = (Answer.State.WAITING, Answer.State.STREAMING)
    turns = Turn.objects.filter(duel__visitor=visitor, answers__state__in=unfinished)
    return turns.only("pk").order_by().distinct()


def _charges(asker: Requester, costly_answers: int) -> list[Charge]:
    """What one question takes from each allowance."""
    site = RateLimit("site", settings.LIMIT_SITE_PER_DAY, DAY_SECONDS)
    claims = [Charge(site, "all")]
    if asker.visitor:
        hourly = RateLimit("session", settings.LIMIT_SESSION_PER_HOUR, HOUR_SECONDS)
        costly = RateLimit("costly-session", settings.LIMIT_EXPENSIVE_SESSION_PER_DAY, DAY_SECONDS)
        claims += [Charge(hourly, asker.visitor), Charge(costly, asker.visitor, costly_answers)]
    if asker.address:
        hourly = RateLimit("address", settings.LIMIT_ADDRESS_PER_HOUR, HOUR_SECONDS)
        costly = RateLimit("costly-address", settings.LIMIT_EXPENSIVE_ADDRESS_PER_DAY, DAY_SECONDS)
        claims += [Charge(hourly, asker.address), Charge(costly, asker.address, costly_answers)]
    return claims


def message_for(refusal: LimitExceeded) -> str:
    """Why, and when to come back."""
    return str(MESSAGES[refusal.name]) % {"when": format_delay(refusal.wait_seconds)}


def format_delay(seconds: int) -> str:
    """« dans une minute », « dans 3 heures »: rounded up, so that nobody comes too early."""
    minutes = -(-seconds // 60)
    if minutes < 60:
        return ngettext("dans une minute", "dans %(count)d minutes", minutes) % {"count": minutes}
    hours = -(-minutes // 60)
    return ngettext("dans une heure", "dans %(count)d heures", hours) % {"count": hours}
