"""Which addresses a request to a model's server may reach, judged after its name has been resolved.

Whoever chooses a server's name also chooses what it resolves to, and may change it between two requests.
"""

import errno
from dataclasses import dataclass
from enum import Enum
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from yarl import URL

# Services of clouds that give a machine its credentials, beside the link-local ones. Sources:
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
# https://www.alibabacloud.com/help/en/ecs/user-guide/view-instance-metadata/
METADATA = frozenset(map(ip_address, ("fd00:ec2::254", "100.100.100.200")))
NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))  # RFC 6052 and RFC 8215
IPV4_COMPATIBLE = IPv6Network("::/96")  # RFC 4291; its first two are unspecified and loopback


class Reach(Enum):
    """Where an address leads; nothing is ever sent to a forbidden one."""

    PUBLIC = "public"
    PRIVATE = "private"  # this machine, or a network that the Internet does not reach
    FORBIDDEN = "forbidden"  # link-local, metadata services, multicast, reserved


class ForbiddenAddress(OSError):
    """A connection that the rules refuse.

    errno: what remains of it where aiohttp has tried several addresses and raises one error for all.
    """

    def __init__(self, message: str) -> None:
        super().__init__(errno.EACCES, message)


@dataclass(frozen=True, slots=True)
class AddressRule:
    """The addresses that one kind of connection may reach."""

    allows_public: bool = True
    allows_private: bool = True

    def check(self, host: str) -> None:
        """Raise ForbiddenAddress unless this IP address may be reached."""
        reach = reach_of(host)
        if reach is Reach.FORBIDDEN:
            raise ForbiddenAddress(f"{host} is a link-local, metadata or reserved address")
        if reach is Reach.PRIVATE and not self.allows_private:
            raise ForbiddenAddress(
                f"{host} is on this machine or a private network, where CONSO_PRIVATE_MODELS allows no model"
            )
        if reach is Reach.PUBLIC and not self.allows_public:
            raise ForbiddenAddress(f"{host} is public: a key goes there by https only")


def reach_of(host: str) -> Reach:
    """Where an IP address leads, whatever the form in which IPv6 carries an IPv4 address."""
    address = ip_address(host.partition("%")[0])
    reaches = {_plain_reach(one) for one in (address, *_carried_ipv4(address))}
    return next(reach for reach in (Reach.FORBIDDEN, Reach.PRIVATE, Reach.PUBLIC) if reach in reaches)


def _carried_ipv4(address: IPv4Address | IPv6Address) -> list[IPv4Address]:
    """The IPv4 addresses to which a packet for this IPv6 address may be sent on."""
    if isinstance(address, IPv4Address):
        return []
    embedded = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if any(address in network for network in (*NAT64, IPV4_COMPATIBLE)) and int(address) > 1:
        embedded.append(IPv4Address(int(address) & 0xFFFF_FFFF))
    return [one for one in embedded if one is not None]


def _plain_reach(address: IPv4Address | IPv6Address) -> Reach:
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped or address in NAT64[0]:
            return Reach.PUBLIC  # judged by the address that it carries
        if address.is_site_local:  # out of use since RFC 3879, and public for the module ipaddress
            return Reach.PRIVATE
    if address.is_loopback or address.is_unspecified:  # the unspecified address reaches this machine
        return Reach.PRIVATE
    if address in METADATA or address.is_link_local or address.is_multicast or address.is_reserved:
        return Reach.FORBIDDEN
    return Reach.PUBLIC if address.is_global else Reach.PRIVATE


def is_ip_address(host: str) -> bool:
    """Whether this is an IP address as it is written in a URL, not a name."""
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def host_of(url: str) -> str:
    """The host that a request to this URL asks, in lower case; empty where the URL names none."""
    try:
        return (URL(url).host or "").lower()
    except ValueError:
        return ""
