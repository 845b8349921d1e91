"""A page that reads a stream through lost connections, as the page's script does."""

import threading
import time
from collections.abc import Callable
from typing import Self

import httpx

from tests.visitor import FollowedStream, Visitor
from tests.waiting import wait_until

RECONNECT_SECONDS = 0.2  # the browser waits a second
PROMPT = "Pourquoi le zinzolin est-il amarante ?"
WORD = "smaragdin"  # in every answer; neither it nor the prompt may be in a log


def words(count: int) -> list[str]:
    """An answer of `count` chunks."""
    return [f"{WORD}{number} " for number in range(count)]


class Page:
    """One tab, open in a thread of its own; leave the block to close it."""

    def __init__(self, visitor: Visitor, duel: str) -> None:
        self.following = FollowedStream()
        self.reconnections = 0
        self._visitor = visitor
        self.duel = duel
        self._stream = f"{duel}turns/1/stream/"
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._read)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        self._thread.join()

    def wait_for_end(self, timeout_seconds: float = 60) -> FollowedStream:
        """The events read, once the page knows that both sides have ended."""
        self._thread.join(timeout_seconds)
        assert self.following.is_over, f"a page hangs after {timeout_seconds} s: {self.following.names[-3:]}"
        return self.following

    def wait_for(self, condition: Callable[[FollowedStream], bool]) -> None:
        wait_until(
            lambda: condition(self.following),
            describe=lambda: f"{self.following.names}, {self.following.text}",
        )

    def _read(self) -> None:
        while not self.following.is_over and not self._closed.is_set():
            try:
                self.following.read(self._visitor.events(self._stream, self.following.last_id))
            except httpx.TransportError:
                pass  # the browser tries again from the last id it saw
            except AssertionError:
                self.following.last_id = ""  # after an error page, the script starts afresh
            self.reconnections += 1
            time.sleep(RECONNECT_SECONDS)


def read_until(visitor: Visitor, duel: str, condition: Callable[[FollowedStream], bool]) -> None:
    """Read the stream until the condition holds, then leave."""
    following = FollowedStream()
    for event in visitor.events(f"{duel}turns/1/stream/"):
        following.read(iter([event]))
        if condition(following):
            return
    raise AssertionError(f"the stream ended before: {following.names[-3:]}")
