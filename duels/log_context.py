"""The duel that a log line is about, as a keyed hash of its code: the code itself opens a shared duel."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils.crypto import salted_hmac

LOG_ID_LENGTH = 12
_current: ContextVar[str] = ContextVar("duel", default="")


def duel_log_id(code: str) -> str:
    """12 hexadecimal digits, the same for every line about one duel; they do not open it."""
    return salted_hmac("duels.log_context", code, algorithm="sha256").hexdigest()[:LOG_ID_LENGTH]


@contextmanager
def bind_duel(code: str) -> Iterator[None]:
    """Tag what is logged inside with this duel; an empty code tags nothing."""
    token = _current.set(duel_log_id(code) if code else "")
    try:
        yield
    finally:
        _current.reset(token)


def current_duel_id() -> str:
    """The tag of the current context; empty outside bind_duel."""
    return _current.get()
