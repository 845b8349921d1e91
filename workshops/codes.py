"""Join codes that one reads aloud, and the random keys of a workshop."""

import re
import secrets

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without I, O, 0 and 1, which are taken for each other
LENGTH = 5
FIRST_GROUP = 2  # « K7 MQX »


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
