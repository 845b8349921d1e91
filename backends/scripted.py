"""A backend that plays a written answer, for tests at the edge of the platform."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from backends.base import AnswerStream, Arriving, BackendError, Chunk, FinishReason, Message, Usage


@dataclass
class ScriptedBackend:
    """Plays `script` on every call: a string is a chunk, an error is raised where it stands.

    `received` keeps the conversations it was asked to answer.
    """

    script: Sequence[str | Chunk | Usage | BackendError]
    seconds_between: float = 0.0
    end: FinishReason = FinishReason.COMPLETE
    received: list[tuple[Message, ...]] = field(default_factory=list)

    def stream(self, messages: Sequence[Message]) -> "ScriptedStream":
        """The written answer."""
        self.received.append(tuple(messages))
        return ScriptedStream(self)


class ScriptedStream(AnswerStream):
    """A performance of a ScriptedBackend."""

    def __init__(self, backend: ScriptedBackend) -> None:
        self.end: FinishReason | None = None
        self._backend = backend
        self._closed = threading.Event()

    def arriving(self) -> Arriving:
        try:
            yield from self._items()
        except GeneratorExit:
            self.end = FinishReason.STOPPED
            raise

    def _items(self) -> Arriving:
        for item in self._backend.script:
            due = time.monotonic() + self._backend.seconds_between
            while time.monotonic() < due and not self._closed.is_set():
                yield None
            if self._closed.is_set():
                self.end = FinishReason.STOPPED
                return
            if isinstance(item, BackendError):
                raise item
            yield Chunk(item) if isinstance(item, str) else item
        self.end = self._backend.end

    def close(self) -> None:
        self._closed.set()
