"""One thread that reads what every model of a worker process says.

Were each answer to be read by a thread of its own, that thread would be woken ten times a second, and waking
costs more than reading (docs/performance.md). A read costs as much for five tokens as for one: what a model
says is gathered for a moment, for longer the more answers are written at once. All are read one after the
other: what they said travels together, and a page hears both sides of its turn at once.
"""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any, Generic, TypeVar

PERIOD_SECONDS = 0.04  # from a look at an answer to the next, where it is written alone
PERIOD_SECONDS_PER_ANSWER = 0.0006  # 200 answers at once: 0.12 s
LONGEST_PERIOD_SECONDS = 0.2

T = TypeVar("T")


class Poller:
    """Steps through iterators that yield None where there is nothing more for now."""

    def __init__(self) -> None:
        self._reads: list[_Read[Any]] = []
        self._lock = threading.Lock()
        self._has_some = threading.Event()  # set while there is something in `_reads`: both under the lock
        self._thread = threading.Thread(target=self._run, name="poller", daemon=True)

    def follow(self, items: Iterator[T | None], take: Callable[[T], None]) -> None:
        """Hands over each item as it comes, until there are no more; raises what the iterator raises.

        Whatever comes at once is read by who calls, who may have to wait for it; all else by the one thread.
        """
        read = _Read(items, take)
        if not read.step():
            self._add(read)
        read.over.result()

    def _add(self, read: "_Read[T]") -> None:
        with self._lock:
            if not self._thread.is_alive():
                self._thread.start()
            self._reads.append(read)
            self._has_some.set()

    def _run(self) -> None:
        took_seconds = 0.0
        while True:
            self._has_some.wait()
            time.sleep(max(0.0, period_seconds(len(self._reads)) - took_seconds))
            began = time.monotonic()
            self._step()
            took_seconds = time.monotonic() - began

    def _step(self) -> None:
        with self._lock:
            reads = list(self._reads)
        over = {read for read in reads if read.step()}
        with self._lock:
            self._reads = [read for read in self._reads if read not in over]
            if not self._reads:
                self._has_some.clear()


class _Read(Generic[T]):
    """One iterator and who waits for its end."""

    def __init__(self, items: Iterator[T | None], take: Callable[[T], None]) -> None:
        self.over: Future[None] = Future()
        self._items = items
        self._take = take

    def step(self) -> bool:
        """Takes what there is; tells whether that was the end."""
        try:
            for item in self._items:
                if item is None:
                    return False
                self._take(item)
        except Exception as error:
            self.over.set_exception(error)
        else:
            self.over.set_result(None)
        return True


def period_seconds(answers: int) -> float:
    """How long an answer may gather what its model says, given how many are written at once."""
    return min(max(PERIOD_SECONDS, PERIOD_SECONDS_PER_ANSWER * answers), LONGEST_PERIOD_SECONDS)
