"""A backend that plays a written answer, for tests."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field

from backends.base import (
    AnswerStream,
    BackendError,
    Chunk,
    FinishReason,
    Message,
    Pause,
    StreamItem,
    Usage,
    short_pause,
)


@dataclass
class ScriptedBackend:
    """Plays `script` on every call: a string is a chunk, an error is raised at its place.

    received: the conversations of all calls, oldest first.
    """

    script: Sequence[str | Chunk | Usage | BackendError]
    seconds_between: float = 0.0
    finish_reason: FinishReason = FinishReason.COMPLETE
    received: list[tuple[Message, ...]] = field(default_factory=list)

    def stream(self, messages: Sequence[Message]) -> "ScriptedStream":
        self.received.append(tuple(messages))
        return ScriptedStream(self)


class ScriptedStream(AnswerStream):
    """One answer of a ScriptedBackend; each item is a batch of its own."""

    def __init__(self, backend: ScriptedBackend) -> None:
        self.finish_reason: FinishReason | None = None
        self._backend = backend

    async def batches(self, pause: Pause = short_pause) -> AsyncGenerator[list[StreamItem], None]:
        for item in self._backend.script:
            await asyncio.sleep(self._backend.seconds_between)
            if isinstance(item, BackendError):
                raise item
            yield [Chunk(item) if isinstance(item, str) else item]
        self.finish_reason = self._backend.finish_reason
