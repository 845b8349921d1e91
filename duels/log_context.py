"""Which duel a line of the log is about: a keyed hash of its code, which itself opens what is shared."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils.crypto import salted_hmac

TRACE_LENGTH = 12
_current: ContextVar[str] = ContextVar("duel", default="")


def trace_of(code: str) -> str:
    """The same for each line about one duel, of no use to open it."""
    return salted_hmac("duels.log_context", code, algorithm="sha256").hexdigest()[:TRACE_LENGTH]


@contextmanager
def about(code: str) -> Iterator[None]:
    """What is logged inside is about this duel; an empty code is about none."""
    token = _current.set(trace_of(code) if code else "")
    try:
        yield
    finally:
        _current.reset(token)


def current_trace() -> str:
    """The duel that is at hand here, or nothing."""
    return _current.get()
