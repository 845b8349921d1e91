"""The client's address as a keyed hash: for rate limits only, so that no address is stored."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


def client_address_hash(request: HttpRequest) -> str | None:
    """The same for every request of one household; None when the address is missing or malformed."""
    try:
        address = ipaddress.ip_address(_client_address(request))
    except ValueError:
        return None
    return salted_hmac("duels.address", _subnet(address), algorithm="sha256").hexdigest()


def _client_address(request: HttpRequest) -> str:
    """The address that the outermost of our PROXIES saw; empty when fewer of them have added theirs.

    Each proxy appends the address it was called from, so whatever the visitor wrote stands further left.
    """
    if not settings.PROXIES:
        return str(request.META.get("REMOTE_ADDR", ""))
    forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")
    return forwarded[-settings.PROXIES].strip() if len(forwarded) >= settings.PROXIES else ""


def _subnet(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    """An IPv4 address, or the /64 network of an IPv6 one: a subscriber may use any address within it."""
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))
