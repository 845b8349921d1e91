"""Join codes that one reads aloud, the random keys of a workshop, and what slows down who guesses codes."""

import re
import secrets
import time

import redis
from django.http import HttpRequest

from duels import valkey
from web.client_address import client_address_hash
from web.rate_limit import Charge, RateLimit, consume, has_room

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without I, O, 0 and 1, which are taken for each other
LENGTH = 5
FIRST_GROUP = 2  # « K7 MQX »
# Per address, which a whole school shares, slips of the finger included.
WRONG_CODES = RateLimit("workshop-codes", 300, 600)


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def new_key() -> str:
    """192 random bits, as 32 characters."""
    return secrets.token_urlsafe(24)


def in_groups(code: str) -> str:
    return f"{code[:FIRST_GROUP]} {code[FIRST_GROUP:]}"


def typed_code(text: str) -> str:
    """A code as people type it, in capitals and without blanks or hyphens; empty where it can be none."""
    code = re.sub(r"[\s.-]", "", text).upper()
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""


def is_guessing(request: HttpRequest, *, is_known: bool) -> bool:
    """Note an unknown code, and tell whether too many came from this address.

    A code that exists gets the same answer as another then: else guessing would go on as fast as before.
    Without Valkey nothing is limited.
    """
    address = client_address_hash(request)
    wrong = Charge(WRONG_CODES, address)
    try:
        if is_known:
            return not has_room(valkey.client(), wrong, time.time())
        return consume(valkey.client(), [wrong], time.time()) is not None
    except redis.RedisError:
        return False
