"""Which duel a line of the log is about: a keyed hash of its code, which itself opens what is shared."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils.crypto import salted_hmac

LOG_ID_LENGTH = 12
_current: ContextVar[str] = ContextVar("duel", default="")


def duel_log_id(code: str) -> str:
    """The same for each line about one duel, of no use to open it."""
    return salted_hmac("duels.log_context", code, algorithm="sha256").hexdigest()[:LOG_ID_LENGTH]


@contextmanager
def bind_duel(code: str) -> Iterator[None]:
    """What is logged inside is about this duel; an empty code is about none."""
    token = _current.set(duel_log_id(code) if code else "")
    try:
        yield
    finally:
        _current.reset(token)


def current_duel_id() -> str:
    """The duel that is at hand here, or nothing."""
    return _current.get()
