"""Limits on prompts: per visitor, per address and for the whole site.

A follow-up or a retry counts as a prompt. No message names a model that was drawn: once the allowance of
expensive models is used up, others are drawn, and only a visitor who chose one by name gets a message.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus

import redis
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext

from duels import valkey
from web.cached_for import cached_for
from web.concurrency_slots import Slot, acquire, held_slots, release
from web.rate_limit import Charge, LimitExceeded, RateLimit, consume

logger = logging.getLogger(__name__)

HOUR_SECONDS, DAY_SECONDS = 3_600, 86_400
RUNNING_WAIT_SECONDS = 15  # most answers end within
RUNNING_SECONDS = 600  # after which a turn that nobody has released holds no slot any more
PAUSED_WAIT_SECONDS = 30
CAPACITY_SECONDS = 5  # how long the number of workers is cached
# A network of IPv6 (/48) may ask as much as so many addresses.
NETWORK_FACTOR = 4
# Who has asked more than this share of the site's day shares half of that day with all such others.
LIGHT_SHARE, HEAVY_SHARE = 1 / 500, 1 / 2
# Of the worker threads that are free, what one address, one network, one model may hold.
ADDRESS_SHARE, NETWORK_SHARE, MODEL_SHARE = 0.25, 0.5, 1.0
# What one question takes of the turn of its visitor, of its address and of its network in front of a server.
TURN_SHARES = {"visitor": 1.0, "address": 1 / 8, "network": 1 / (8 * NETWORK_FACTOR)}
PAUSED = gettext_lazy("Les duels sont en pause pour quelques instants. Votre question est gardée ici.")

MESSAGES: dict[str, str | Promise] = {
    "session": gettext_lazy("Vous avez posé beaucoup de questions en peu de temps. Revenez %(when)s."),
    "address": gettext_lazy(
        "Beaucoup de questions viennent en ce moment de votre connexion, que d’autres partagent peut-être. "
        "Revenez %(when)s."
    ),
    "site": gettext_lazy("Le site a reçu toutes les questions qu’il peut prendre. Revenez %(when)s."),
    "running": gettext_lazy("Vos autres duels sont encore en cours : attendez la fin de l’un d’eux."),
    "running-address": gettext_lazy(
        "Beaucoup de duels sont en cours en ce moment sur votre connexion, que d’autres partagent peut-être. "
        "Attendez la fin de l’un d’eux."
    ),
    "running-model": gettext_lazy(
        "Ce modèle répond déjà à beaucoup de questions : prenez-en un autre, ou revenez dans une minute."
    ),
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
    """A sender, as hashes: the visitor (None before a first duel), the address, its IPv6 network."""

    visitor: str | None
    address: str
    network: str | None = None


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt to admit: the key of its turn, its models, how many expensive ones were drawn or chosen.

    Those are counted apart: an allowance that choosing shows to be used up must not tell what was drawn.
    """

    turn_key: str
    model_ids: Sequence[int] = ()
    expensive_drawn: int = 0
    expensive_chosen: int = 0


class RateLimited(Exception):
    """A prompt refused for now. limit: its name. model_id: of the model that answers too many already."""

    def __init__(
        self, message: str, status: HTTPStatus, wait_seconds: int, limit: str = "", model_id: int = 0
    ) -> None:
        super().__init__(message)
        self.message, self.status, self.wait_seconds = message, status, wait_seconds
        self.limit, self.model_id = limit, model_id

    @property
    def is_for_drawn(self) -> bool:
        """Whether only expensive models that were drawn are refused."""
        return self.limit.startswith("drawn")


@contextmanager
def admitted(requester: Requester, prompt: Prompt) -> Iterator[None]:
    """Charge one prompt to every limit, then run the block that stores it.

    Raises RateLimited, and then charges none. Where the block fails, the turn holds no slot.
    """
    client = valkey.client()
    try:
        _acquire_slots(client, requester, prompt)
        _charge(client, requester, prompt)
    except redis.RedisError:
        raise paused() from None
    try:
        yield
    except BaseException:
        release_slots(prompt.turn_key)
        raise


def paused() -> RateLimited:
    """The refusal of any prompt, for a moment: what answers it is down, or busy throughout."""
    return RateLimited(str(PAUSED), HTTPStatus.SERVICE_UNAVAILABLE, PAUSED_WAIT_SECONDS)


def release_slots(turn_key: str) -> None:
    """Give back what a turn held while it ran; without Valkey, which counts, nothing is held."""
    try:
        release(valkey.client(), turn_key)
    except redis.RedisError as error:
        logger.warning("the slots of a turn are not released: %s", type(error).__name__)


def asking_parties(turn_key: str) -> dict[str, float]:
    """The parties that ask a running question, for its turn in a queue: each with its share of one question.

    An address is as many visitors, a network as many more; what nobody holds a slot for is its own party.
    """
    try:
        held = held_slots(valkey.client(), turn_key)
    except redis.RedisError:
        held = {}
    known = {f"{name}:{held[name]}": share for name, share in TURN_SHARES.items() if name in held}
    return known or {turn_key: 1.0}


def _acquire_slots(client: redis.Redis, requester: Requester, prompt: Prompt) -> None:
    """Take a slot of each limit on what runs, in one command, so that no two requests take the last one."""
    slots = _slots(requester, prompt)
    refused = acquire(
        client, prompt.turn_key, slots, capacity=capacity(), now=time.time(), seconds=RUNNING_SECONDS
    )
    if refused:
        model_id = int(refused.subject) if refused.name == "model" else 0
        names = {"visitor": "running", "model": "running-model"}
        raise _refusal(
            LimitExceeded(names.get(refused.name, "running-address"), RUNNING_WAIT_SECONDS), model_id
        )


@cached_for(seconds=lambda: CAPACITY_SECONDS)
def capacity() -> int:
    """How many turns the workers can write at once; raises RedisError."""
    return int(settings.WORKER_THREADS * max(1, valkey.client().zcard(valkey.WORKERS_KEY)))


def _slots(requester: Requester, prompt: Prompt) -> list[Slot]:
    """Slots of one running turn. The address has some, as who throws the cookie away is a new visitor."""
    per_visitor, per_address = settings.LIMIT_RUNNING_DUELS, settings.LIMIT_RUNNING_ADDRESS
    slots = []
    if requester.visitor and per_visitor:
        slots.append(Slot("visitor", requester.visitor, per_visitor))
    if per_address:
        slots.append(Slot("address", requester.address, per_address, ADDRESS_SHARE))
        if requester.network:
            slots.append(Slot("network", requester.network, NETWORK_FACTOR * per_address, NETWORK_SHARE))
    return slots + [Slot("model", str(model_id), 0, MODEL_SHARE) for model_id in prompt.model_ids]


def _charge(client: redis.Redis, requester: Requester, prompt: Prompt) -> None:
    """Charge the limits of the hour and of the day; raises RateLimited, and then holds no slot."""
    charges, now = _charges(requester, prompt), time.time()
    exceeded = consume(client, [*charges, *_light_charges(requester)], now)
    if exceeded and exceeded.name == "light":
        heavy = RateLimit("heavy", max(1, round(settings.LIMIT_SITE_PER_DAY * HEAVY_SHARE)), DAY_SECONDS)
        exceeded = consume(client, [*charges, Charge(heavy, "all")], now)
    if exceeded:
        release(client, prompt.turn_key)
        raise _refusal(exceeded)


def _refusal(exceeded: LimitExceeded, model_id: int = 0) -> RateLimited:
    logger.info("a prompt is refused: the limit %s is exceeded", exceeded.name)
    status, wait_seconds = HTTPStatus.TOO_MANY_REQUESTS, exceeded.wait_seconds
    return RateLimited(message_for(exceeded), status, wait_seconds, exceeded.name, model_id)


def _light_charges(requester: Requester) -> list[Charge]:
    """The charges that keep a few addresses from spending the day of the whole site."""
    per_day = settings.LIMIT_SITE_PER_DAY
    light = RateLimit("light", max(1, round(per_day * LIGHT_SHARE)) if per_day else 0, DAY_SECONDS)
    return [Charge(light, requester.network or requester.address)]


def _charges(requester: Requester, prompt: Prompt) -> list[Charge]:
    """The charge of one prompt on each limit."""
    site = RateLimit("site", settings.LIMIT_SITE_PER_DAY, DAY_SECONDS)
    charges = [Charge(site, "all")]
    subjects = [("session", requester.visitor, settings.LIMIT_SESSION_PER_HOUR, 1)]
    subjects += [("address", requester.address, settings.LIMIT_ADDRESS_PER_HOUR, 1)]
    subjects += [("network", requester.network, settings.LIMIT_ADDRESS_PER_HOUR, NETWORK_FACTOR)]
    for name, subject, per_hour, factor in subjects:
        if subject:
            charges.append(Charge(RateLimit(name, factor * per_hour, HOUR_SECONDS), subject))
    for kind, answers in (("drawn", prompt.expensive_drawn), ("expensive", prompt.expensive_chosen)):
        session = RateLimit(f"{kind}-session", settings.LIMIT_EXPENSIVE_SESSION_PER_DAY, DAY_SECONDS)
        address = RateLimit(f"{kind}-address", settings.LIMIT_EXPENSIVE_ADDRESS_PER_DAY, DAY_SECONDS)
        charges.append(Charge(address, requester.network or requester.address, answers))
        if requester.visitor:
            charges.append(Charge(session, requester.visitor, answers))
    return charges


def message_for(exceeded: LimitExceeded) -> str:
    """Why the prompt is refused, and when to come back."""
    name = {"network": "address", "heavy": "site"}.get(exceeded.name, exceeded.name)
    name = name.replace("drawn", "expensive")
    return str(MESSAGES[name]) % {"when": format_delay(exceeded.wait_seconds)}


def format_delay(seconds: int) -> str:
    """« dans une minute », « dans 3 heures »: rounded up, so that nobody comes back too early."""
    minutes = -(-seconds // 60)
    if minutes < 60:
        return ngettext("dans une minute", "dans %(count)d minutes", minutes) % {"count": minutes}
    hours = -(-minutes // 60)
    return ngettext("dans une heure", "dans %(count)d heures", hours) % {"count": hours}
