"""The limit on requests of one address, written in the headers of every response.

The headers are those of draft-ietf-httpapi-ratelimit-headers: RateLimit-Policy says the quota, RateLimit what
is left of it.
"""

import time
from collections.abc import Sequence

import redis
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from duels import valkey
from web.client_address import client_address_hash, client_network_hash
from web.rate_limit import Allowance, Charge, LimitExceeded, RateLimit, consume_and_count

HOUR_SECONDS = 3_600
NETWORK_FACTOR = 4  # a network of IPv6 (/48) may ask as much as so many addresses


def charge(request: HttpRequest) -> tuple[LimitExceeded | None, list[Allowance]]:
    """Charge one request to its address; without Valkey, which counts, nothing is limited."""
    per_hour = settings.LIMIT_API_PER_HOUR
    charges = [Charge(RateLimit("api-address", per_hour, HOUR_SECONDS), client_address_hash(request))]
    if network := client_network_hash(request):
        limit = RateLimit("api-network", NETWORK_FACTOR * per_hour, HOUR_SECONDS)
        charges.append(Charge(limit, network))
    try:
        return consume_and_count(valkey.client(), charges, time.time())
    except redis.RedisError:
        return None, []


def add_headers(response: HttpResponseBase, allowances: Sequence[Allowance]) -> None:
    """Say the quota and the rest of it; t is the number of seconds until the quota is whole again."""
    if not allowances:
        return
    limits = [each.limit for each in allowances]
    policies = [f'"{limit.name}";q={limit.count};w={limit.seconds}' for limit in limits]
    rests = [f'"{each.limit.name}";r={each.remaining};t={each.full_in_seconds}' for each in allowances]
    response["RateLimit-Policy"] = ", ".join(policies)
    response["RateLimit"] = ", ".join(rests)
