"""The curators' door: passwords cannot be tried by the thousand, and no address is kept to see to it."""

import logging
import time
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

# A name from one address: a curator who searches for the right password. The others stop who tries many
# names from one address, or one name from many; the last is wide, since it locks the curator out as well.
TRIES = RateLimit("login", 10, 15 * 60)
TRIES_OF_ADDRESS = RateLimit("login-address", 60, 3_600)
TRIES_OF_NAME = RateLimit("login-name", 200, 86_400)


def login(request: HttpRequest) -> HttpResponse:
    """The admin's own page, unless too many passwords were tried: then when to come back."""
    if request.method != "POST":
        return admin.site.login(request)
    claims = _claims(request)
    if refusal := _count(claims):
        return too_many(request, refusal.wait_seconds)
    response = admin.site.login(request)
    if response.status_code == HTTPStatus.FOUND:
        _forget(claims)
    return response


def _claims(request: HttpRequest) -> list[Charge]:
    """The first is forgiven once the right password is given."""
    name, address = (
        _hash(request.POST.get("username", "").casefold()),
        client_address_hash(request) or "unknown",
    )
    return [
        Charge(TRIES, _hash(name + address)),
        Charge(TRIES_OF_ADDRESS, address),
        Charge(TRIES_OF_NAME, name),
    ]


def _hash(text: str) -> str:
    return salted_hmac("conso_duel.site.login", text, algorithm="sha256").hexdigest()


def _count(claims: list[Charge]) -> LimitExceeded | None:
    """Without Redis the door still opens: curators are needed then, and hashing slows down who guesses."""
    try:
        refusal = consume(valkey.client(), claims, time.time())
    except redis.RedisError as error:
        logger.warning("passwords that are tried cannot be counted: %s", type(error).__name__)
        return None
    if refusal:
        logger.warning("too many passwords were tried: the allowance %s is spent", refusal.name)
    return refusal


def _forget(claims: list[Charge]) -> None:
    try:
        reset(valkey.client(), claims[:1])
    except redis.RedisError as error:
        logger.warning("the tries of a curator are not forgotten: %s", type(error).__name__)


def too_many(request: HttpRequest, wait_seconds: int) -> HttpResponse:
    """The page that says when to come back."""
    sentence = _(
        "Trop de mots de passe ont été essayés. Revenez %(when)s. "
        "Si vous avez oublié le vôtre, la personne qui tient ce site peut en choisir un autre."
    )
    told = sentence % {"when": format_delay(wait_seconds)}
    response = render(request, "429.html", {"explanation": told}, status=HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = str(wait_seconds)
    return response
