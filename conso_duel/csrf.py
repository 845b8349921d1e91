"""The tokens of forms, drawn in one trip to the system: Django makes one for each of their letters.

Each trip lets other threads run and waits for its turn again; a home page takes 64 of them. Measured side by
side, at 60 duels: 2 % of all processor time (docs/performance.md).
"""

import secrets

from django.middleware import csrf


def random_string(length: int, allowed_chars: str) -> str:
    """As django.utils.crypto.get_random_string: every string is as likely as any other."""
    number, letters = secrets.randbelow(len(allowed_chars) ** length), []
    for _ in range(length):
        number, place = divmod(number, len(allowed_chars))
        letters.append(allowed_chars[place])
    return "".join(letters)


def draw_tokens_at_once() -> None:
    """From now on, in this process."""
    csrf.get_random_string = random_string  # type: ignore[attr-defined]  # imported there, not exported
