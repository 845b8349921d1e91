"""Who a visitor is: a keyed hash of a random word in the session; no name, and no address is kept."""

import ipaddress
import secrets

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

SESSION_FIELD = "visitor"


def visitor_of(request: HttpRequest) -> str | None:
    """The visitor's hash, or None before a first duel: reading pages sets no cookie."""
    word = request.session.get(SESSION_FIELD)
    return salted_hmac("duels.visitor", word, algorithm="sha256").hexdigest() if word else None


def welcome(request: HttpRequest) -> str:
    """The visitor's hash, with a new word in the session where there is none."""
    if SESSION_FIELD not in request.session:
        request.session[SESSION_FIELD] = secrets.token_urlsafe(24)
    visitor = visitor_of(request)
    assert visitor is not None
    return visitor


def address_of(request: HttpRequest) -> str | None:
    """A keyed hash of where the request comes from, for limits only; None where nothing tells it."""
    written = _address_told(request)
    try:
        address = ipaddress.ip_address(written)
    except ValueError:
        return None
    return salted_hmac("duels.address", _one_household(address), algorithm="sha256").hexdigest()


def _address_told(request: HttpRequest) -> str:
    """What the outermost of our own proxies was asked from; what a visitor adds stands to its left."""
    if not settings.PROXIES:
        return str(request.META.get("REMOTE_ADDR", ""))
    told = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")
    return told[-settings.PROXIES].strip() if len(told) >= settings.PROXIES else ""


def _one_household(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    """The address; of IPv6 its first half, since each subscriber has the whole second half to choose from."""
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))
