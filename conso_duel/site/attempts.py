"""Rate limits on what can be guessed at the curators' door; neither names nor addresses are stored."""

import logging
import time
from dataclasses import dataclass

import redis
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac

from duels import valkey
from duels.rate_limits import format_delay
from web.client_address import client_address_hash
from web.rate_limit import Charge, LimitExceeded, RateLimit, consume, reset

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AttemptLimits:
    """One name from one address is somebody who searches for the right word. The others limit many names from
    one address, and one name from many addresses; the last is wide, since it locks its owner out as well."""

    pair: RateLimit
    address: RateLimit
    name: RateLimit

    def charges(self, request: HttpRequest, name: str) -> list[Charge]:
        """One attempt on each limit; the first is reset by the right word."""
        name_hash, address = _hash(name), client_address_hash(request)
        return [
            Charge(self.pair, _hash(name_hash + address)),
            Charge(self.address, address),
            Charge(self.name, name_hash),
        ]


def _hash(text: str) -> str:
    return salted_hmac("conso_duel.site.login", text, algorithm="sha256").hexdigest()


def consume_attempt(
    charges: list[Charge], without_valkey: LimitExceeded | None = None
) -> LimitExceeded | None:
    """The limit that is exceeded; where Valkey cannot count, what the caller says."""
    try:
        exceeded = consume(valkey.client(), charges, time.time())
    except redis.RedisError as error:
        logger.warning("login attempts cannot be counted: %s", type(error).__name__)
        return without_valkey
    if exceeded:
        logger.warning("too many login attempts: the limit %s is exceeded", exceeded.name)
    return exceeded


def reset_attempts(charge: Charge) -> None:
    """Forgive the wrong words of who has found the right one."""
    try:
        reset(valkey.client(), [charge])
    except redis.RedisError as error:
        logger.warning("the login attempts of a curator are not reset: %s", type(error).__name__)


def refusal(request: HttpRequest, sentence: str, wait_seconds: int) -> HttpResponse:
    """A page with this sentence, in which %(when)s says when to try again."""
    explanation = sentence % {"when": format_delay(wait_seconds)}
    response = render(request, "429.html", {"explanation": explanation}, status=429)
    response["Retry-After"] = str(wait_seconds)
    return response
