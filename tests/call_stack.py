"""Memory for the calls of all tests, mapped once.

CPython maps the memory of calls in pieces of 16 kB, and unmaps a piece as soon as no call is in it: a loop
whose calls begin a piece costs two hundred times as much. It was 7 % of the processor time of `make check`.
"""

from types import FunctionType

from pytest import Session, hookimpl

# Half a megabyte, in words of 8 bytes: the piece has twice that, and calls below have its other half.
FRAME_WORDS = 1 << 16


def widened(function: FunctionType) -> FunctionType:
    """The function, which gives all that it calls one piece of memory."""
    function.__code__ = function.__code__.replace(co_stacksize=FRAME_WORDS)
    return function


class WideFrame:
    """A plugin of pytest: calls whichever plugin runs the tests, pytest-xdist for one, from a wide frame."""

    @hookimpl(tryfirst=True)
    @widened  # type: ignore[arg-type]
    def pytest_runtestloop(self, session: Session) -> object:
        others = session.config.pluginmanager.subset_hook_caller("pytest_runtestloop", [self])
        return others(session=session)
