"""The client's address as a keyed hash: for limits only, so that no address is stored."""

import ipaddress
import logging
from collections.abc import Collection, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from web.cached_for import cached_for

logger = logging.getLogger(__name__)

HOUSEHOLD_BITS, SITE_BITS = 64, 48  # of IPv6: what a subscriber has, what a company or a school may have
UNREADABLE = "unreadable"
WARNING_SECONDS = 60
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def client_address_hash(request: HttpRequest) -> str:
    """The same for every request of one household, and for all whose address cannot be read."""
    address = _client_address(request)
    return _hash(_subnet(address, HOUSEHOLD_BITS) if address else UNREADABLE)


def client_network_hash(request: HttpRequest) -> str | None:
    """The same for every request of one /48 network of IPv6; None for IPv4, whose addresses are scarce."""
    address = _client_address(request)
    if address is None or address.version == 4 or address.ipv4_mapped:
        return None
    return _hash(_subnet(address, SITE_BITS))


def comes_from(request: HttpRequest, networks: Collection[Network]) -> bool:
    """Whether the client's address is in one of these networks."""
    address = _client_address(request) if networks else None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address is not None and any(address in network for network in networks)


def _hash(subject: str) -> str:
    return salted_hmac("duels.address", subject, algorithm="sha256").hexdigest()


def household(scope: Mapping[str, Any]) -> str:
    """Of an ASGI request: the same for all of one household. For memory alone: never stored."""
    lines = (value for name, value in scope["headers"] if name == b"x-forwarded-for")
    forwarded = b",".join(lines).decode("latin-1") if settings.PROXIES else ""
    address = _read_address((scope.get("client") or ("",))[0], forwarded)
    return _subnet(address, HOUSEHOLD_BITS) if address else UNREADABLE


def _client_address(request: HttpRequest) -> Address | None:
    return _read_address(
        str(request.META.get("REMOTE_ADDR", "")), str(request.META.get("HTTP_X_FORWARDED_FOR", ""))
    )


def _read_address(remote: str, forwarded: str) -> Address | None:
    """The address that the outermost of our PROXIES saw; None, and a line of the log, where none is readable.

    Each proxy appends the address it was called from, so whatever the visitor wrote stands further left.
    """
    if settings.PROXIES:
        hops = forwarded.split(",")
        written = hops[-settings.PROXIES].strip() if len(hops) >= settings.PROXIES else ""
    else:
        written = remote
    try:
        return ipaddress.ip_address(written)
    except ValueError:
        warn_unreadable()
        return None


@cached_for(seconds=lambda: WARNING_SECONDS)
def warn_unreadable() -> None:
    """One line a minute at most."""
    logger.warning(
        "the address of a visitor cannot be read: all such visitors share one limit. "
        "CONSO_PROXIES is %d: is that how many proxies stand before this server?",
        settings.PROXIES,
    )


def _subnet(address: Address, bits: int) -> str:
    """An IPv4 address, or the network of so many bits of an IPv6 one."""
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, bits), strict=False))
