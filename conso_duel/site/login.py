"""The login of curators, with rate limits on wrong passwords; no address is stored for them."""

import logging
import time
import unicodedata
from http import HTTPStatus

import redis
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from duels import valkey
from duels.rate_limits import format_delay
from web.client_address import client_address_hash
from web.rate_limit import Charge, LimitExceeded, RateLimit, consume, reset

logger = logging.getLogger(__name__)

# One name from one address: a curator who searches for the right password. The others limit many names from
# one address, and one name from many addresses; the last is wide, since it locks the curator out as well.
ATTEMPTS = RateLimit("login", 10, 15 * 60)
ADDRESS_ATTEMPTS = RateLimit("login-address", 60, 3_600)
NAME_ATTEMPTS = RateLimit("login-name", 200, 86_400)


def login(request: HttpRequest) -> HttpResponse:
    """The admin's own page; 429 after too many wrong passwords."""
    if request.method != "POST":
        return admin.site.login(request)
    charges = _charges(request)
    if exceeded := _consume(charges):
        return too_many_attempts(request, exceeded.wait_seconds)
    response = admin.site.login(request)
    if response.status_code == HTTPStatus.FOUND:
        _reset(charges[0])
    return response


def _charges(request: HttpRequest) -> list[Charge]:
    """One attempt on each limit; the first is reset by the right password."""
    name = _hash(normalised(request.POST.get("username", "")))
    address = client_address_hash(request)
    return [
        Charge(ATTEMPTS, _hash(name + address)),
        Charge(ADDRESS_ATTEMPTS, address),
        Charge(NAME_ATTEMPTS, name),
    ]


def normalised(name: str) -> str:
    """The same text for every way to write a name that the form takes for one: Django trims it and reads
    full-width letters as plain ones. Case and all spaces are left out as well: a wider limit costs nobody."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return "".join(folded.split())


def _hash(text: str) -> str:
    return salted_hmac("conso_duel.site.login", text, algorithm="sha256").hexdigest()


def _consume(charges: list[Charge]) -> LimitExceeded | None:
    """The limit that is exceeded; None without Valkey too, when curators are needed most."""
    try:
        exceeded = consume(valkey.client(), charges, time.time())
    except redis.RedisError as error:
        logger.warning("login attempts are not limited: %s", type(error).__name__)
        return None
    if exceeded:
        logger.warning("too many login attempts: the limit %s is exceeded", exceeded.name)
    return exceeded


def _reset(charge: Charge) -> None:
    try:
        reset(valkey.client(), [charge])
    except redis.RedisError as error:
        logger.warning("the login attempts of a curator are not reset: %s", type(error).__name__)


def too_many_attempts(request: HttpRequest, wait_seconds: int) -> HttpResponse:
    """A page that says when to try again."""
    sentence = _(
        "Trop de mots de passe ont été essayés. Revenez %(when)s. "
        "Si vous avez oublié le vôtre, l’éditeur du site peut en choisir un autre."
    )
    explanation = sentence % {"when": format_delay(wait_seconds)}
    response = render(request, "429.html", {"explanation": explanation}, status=HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = str(wait_seconds)
    return response
