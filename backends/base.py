"""What a model behind any kind of server looks like to the rest of the platform."""

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Literal, Protocol, Self


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation, as it is sent to the model."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of the answer, or of the reasoning that precedes it; never empty."""

    text: str
    reasoning: bool = False


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the server counted them; None where it did not say.

    tokens_out counts all that the model produced, hidden reasoning included; reasoning_tokens is that share.
    """

    tokens_in: int | None
    tokens_out: int | None
    reasoning_tokens: int | None = None


class FinishReason(StrEnum):
    """Why a stream that did not fail is over."""

    COMPLETE = "complete"  # the model said it had finished
    LENGTH = "length"  # the model met the limit of tokens it was given
    TOO_LONG = "too_long"  # we stopped reading at our own limit of characters
    FILTERED = "filtered"  # the provider's moderation stopped the answer
    STOPPED = "stopped"  # close() was called


class FailureReason(StrEnum):
    """Why a stream failed, in the platform's words: safe to store and to translate for a visitor."""

    UNREACHABLE = "unreachable"  # no connection: address, network, certificate
    UNAUTHORIZED = "unauthorized"  # key missing, wrong, or without credit (401, 402, 403)
    RATE_LIMITED = "rate_limited"  # 429
    BAD_REQUEST = "bad_request"  # the server does not know this model or option (other 4xx)
    CONTEXT_FULL = "context_full"  # the conversation is longer than the model can read
    FILTERED = "filtered"  # the provider's moderation refused the prompt
    UPSTREAM_ERROR = "upstream_error"  # 5xx, or an error told inside the stream
    PROTOCOL_ERROR = "protocol_error"  # something else than the protocol
    NO_OUTPUT = "no_output"  # never a token
    TIMEOUT = "timeout"  # tokens, then nothing for too long, or too slow as a whole
    CONNECTION_LOST = "connection_lost"  # the connection ended before the answer did


class BackendError(Exception):
    """A model that did not answer to the end.

    detail: what the server or the network said, shortened, without the key; for operators, never for a page.
    retry_after_seconds: how long the server asked to be left alone, when it did.
    """

    def __init__(
        self, reason: FailureReason, detail: str = "", *, retry_after_seconds: float | None = None
    ) -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail
        self.retry_after_seconds = retry_after_seconds

    def __str__(self) -> str:
        """The reason alone, so that a log line or a page that prints the error tells no provider's text."""
        return str(self.reason)


PAUSE_SECONDS = 0.01  # between two looks at an answer that is read alone
Arriving = Generator[Chunk | Usage | None, None, None]


class AnswerStream(Protocol):
    """An answer as it comes: chunks, then at most one Usage, then `end` says why it is over.

    Nothing is sent before the first step. Read it once, by itself or among others. What arrived together
    comes as one chunk, so a caller that waits a little between two items is handed fewer, longer ones.
    """

    end: FinishReason | None

    def arriving(self) -> Arriving:
        """For who reads many answers at once: None says that all that had come is read; look again later.

        The first step waits until the server begins to answer, no other does. Raises BackendError; ends
        quietly after close().
        """

    def __iter__(self) -> Iterator[Chunk | Usage]:
        """For who reads this answer alone: waits for each item."""
        with closing(self.arriving()) as items:
            for item in items:
                if item is None:
                    time.sleep(PAUSE_SECONDS)
                else:
                    yield item

    def close(self) -> None:
        """Close the upstream connection at once; from any thread, as often as wished, also while reading."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Backend(Protocol):
    """A model one can talk to."""

    def stream(self, messages: Sequence[Message]) -> AnswerStream: ...
