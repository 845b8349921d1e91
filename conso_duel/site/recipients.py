"""Who is sent what visitors write: the servers of the models."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from models_registry.models import Endpoint, LanguageModel

OWN_ENDINGS = (".local", ".internal", ".lan", ".home.arpa", ".localhost")


@dataclass(frozen=True, slots=True)
class Recipients:
    """The outside servers that are sent questions, and whether machines of the site answer as well."""

    outside: list[str]
    own: bool


def recipients() -> Recipients:
    """From the enabled endpoints of the enabled models."""
    asked = Endpoint.objects.filter(enabled=True, model__status=LanguageModel.Status.ENABLED)
    hosts = {urlsplit(address).hostname or "" for address in asked.values_list("base_url", flat=True)}
    outside = sorted(host for host in hosts if not is_private_host(host))
    return Recipients(outside, own=len(outside) < len(hosts))


def is_private_host(host: str) -> bool:
    """Whether this name or address only leads somewhere from inside a private network."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith(OWN_ENDINGS)
