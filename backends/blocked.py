"""A backend that sends nothing and always fails, for an endpoint that must not be called."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Self

from backends.base import (
    AnswerStream,
    BackendError,
    FailureReason,
    FinishReason,
    Message,
    Pause,
    StreamItem,
    short_pause,
)


@dataclass(slots=True)
class BlockedBackend(AnswerStream):
    """Backend and stream in one: every answer fails with UNAUTHORIZED and this detail."""

    detail: str
    finish_reason: FinishReason | None = None

    def stream(self, messages: Sequence[Message]) -> Self:
        return self

    async def batches(self, pause: Pause = short_pause) -> AsyncGenerator[list[StreamItem], None]:
        raise BackendError(FailureReason.UNAUTHORIZED, self.detail)
        yield  # makes it a generator
