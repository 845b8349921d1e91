"""Limits on pages and files that take work, charged to the address that asks."""

import time

import redis

from duels import valkey
from web.client_address import client_address_hash
from web.http import Request
from web.rate_limit import Charge, LimitExceeded, RateLimit, consume


def charge_address(request: Request, limit: RateLimit) -> LimitExceeded | None:
    """The limit, where this address has exceeded it; None without Valkey, which counts."""
    try:
        return consume(valkey.client(), [Charge(limit, client_address_hash(request))], time.time())
    except redis.RedisError:
        return None
