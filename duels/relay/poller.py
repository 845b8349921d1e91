"""One thread that reads what every model of a worker process says.

Were each answer to be read by a thread of its own, that thread would be woken ten times a second, and waking
costs more than reading (docs/performance.md). A read costs as much for five tokens as for one: what a model
says is gathered for a moment, for longer the more answers are written at once. Both sides of a turn are read
at the same beat, so that the page hears them together.
"""

import math
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any, Generic, TypeVar
from zlib import crc32

REST_SECONDS = 0.04  # between two looks at an answer that is written alone
REST_SECONDS_PER_ANSWER = 0.0005  # 200 answers at once: 0.1 s
LONGEST_REST_SECONDS = 0.25
BEATS = 4  # in one rest: the more, the less is read at once; the fewer, the longer the others wait for it

T = TypeVar("T")


class Poller:
    """Steps through iterators that yield None where there is nothing more for now."""

    def __init__(self) -> None:
        self._reads: list[_Read[Any]] = []
        self._lock = threading.Lock()
        self._has_some = threading.Event()  # set while there is something in `_reads`: both under the lock
        self._thread = threading.Thread(target=self._run, name="poller", daemon=True)

    def follow(self, key: str, items: Iterator[T | None], take: Callable[[T], None]) -> None:
        """Hands over each item as it comes, until there are no more; raises what the iterator raises.

        Whatever comes at once is read by who calls, who may have to wait for it; all else by the one thread.
        What has the same key is read at the same moments.
        """
        read = _Read(key, items, take)
        if not read.step():
            self._add(read)
        read.over.result()

    def _add(self, read: "_Read[T]") -> None:
        with self._lock:
            if not self._thread.is_alive():
                self._thread.start()
            read.due = next_beat(read.key, rest_seconds(len(self._reads) + 1), time.monotonic())
            self._reads.append(read)
            self._has_some.set()

    def _run(self) -> None:
        while True:
            self._has_some.wait()
            time.sleep(max(0.0, self._next_due() - time.monotonic()))
            self._step()

    def _next_due(self) -> float:
        with self._lock:
            return min(read.due for read in self._reads)

    def _step(self) -> None:
        now = time.monotonic()
        with self._lock:
            due = [read for read in self._reads if read.due <= now]
            rest = rest_seconds(len(self._reads))
        over = [read for read in due if read.step()]
        for read in due:
            read.due = next_beat(read.key, rest, now)
        with self._lock:
            self._reads = [read for read in self._reads if read not in over]
            if not self._reads:
                self._has_some.clear()


class _Read(Generic[T]):
    """One iterator and who waits for its end."""

    def __init__(self, key: str, items: Iterator[T | None], take: Callable[[T], None]) -> None:
        self.key = key
        self.due = math.inf
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


def rest_seconds(answers: int) -> float:
    """How long an answer may gather what its model says, given how many are written at once."""
    return min(max(REST_SECONDS, REST_SECONDS_PER_ANSWER * answers), LONGEST_REST_SECONDS)


def next_beat(key: str, period_seconds: float, now: float) -> float:
    """The next moment for what has this key: keys are spread over the beats of a period."""
    offset = crc32(key.encode()) % BEATS / BEATS
    return now + period_seconds * ((offset - now / period_seconds) % 1 or 1)
