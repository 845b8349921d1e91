"""The servers of the models, which receive what visitors write."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from models_registry.models import Endpoint, LanguageModel

PRIVATE_SUFFIXES = (".local", ".internal", ".lan", ".home.arpa", ".localhost")


@dataclass(frozen=True, slots=True)
class Recipients:
    """The outside servers that receive prompts, and whether private machines of the site answer as well."""

    outside: list[str]
    own: bool


def recipients() -> Recipients:
    """The recipients, from the enabled endpoints of the enabled models."""
    enabled = Endpoint.objects.filter(enabled=True, model__status=LanguageModel.Status.ENABLED)
    hosts = {urlsplit(address).hostname or "" for address in enabled.values_list("base_url", flat=True)}
    outside = sorted(host for host in hosts if not is_private_host(host))
    return Recipients(outside, own=len(outside) < len(hosts))


def is_private_host(host: str) -> bool:
    """Whether this name or address is only reachable from inside a private network."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith(PRIVATE_SUFFIXES)
