"""A model that must not be asked: it fails like one that did not answer, and nothing is sent."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from backends.base import AnswerStream, BackendError, Chunk, End, FailureReason, Message, Usage


@dataclass(slots=True)
class Refusing(AnswerStream):
    """The backend and its answer: whatever it is asked, reading raises REFUSED with this detail."""

    detail: str
    end: End | None = None

    def stream(self, messages: Sequence[Message]) -> Self:
        return self

    def __iter__(self) -> Iterator[Chunk | Usage]:
        raise BackendError(FailureReason.REFUSED, self.detail)

    def close(self) -> None:
        """Nothing is open."""
