"""A model that must not be asked: it fails like one that did not answer, and nothing is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from backends.base import AnswerStream, Arriving, BackendError, FailureReason, FinishReason, Message


@dataclass(slots=True)
class BlockedBackend(AnswerStream):
    """The backend and its answer: whatever it is asked, reading raises UNAUTHORIZED with this detail."""

    detail: str
    end: FinishReason | None = None

    def stream(self, messages: Sequence[Message]) -> Self:
        return self

    def arriving(self) -> Arriving:
        raise BackendError(FailureReason.UNAUTHORIZED, self.detail)

    def close(self) -> None:
        """Nothing is open."""
