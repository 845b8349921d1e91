"""Where a request comes from, as a keyed hash: for limits only, no address is stored."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


def client_address_hash(request: HttpRequest) -> str | None:
    """A keyed hash of where the request comes from, for limits only; None where nothing tells it."""
    written = _client_address(request)
    try:
        address = ipaddress.ip_address(written)
    except ValueError:
        return None
    return salted_hmac("duels.address", _subnet(address), algorithm="sha256").hexdigest()


def _client_address(request: HttpRequest) -> str:
    """What the outermost of our own proxies was asked from; what a visitor adds stands to its left."""
    if not settings.PROXIES:
        return str(request.META.get("REMOTE_ADDR", ""))
    forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")
    return forwarded[-settings.PROXIES].strip() if len(forwarded) >= settings.PROXIES else ""


def _subnet(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    """The address; of IPv6 its first half, since each subscriber has the whole second half to choose from."""
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))
