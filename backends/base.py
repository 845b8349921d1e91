"""The interface of a model, whatever server runs it."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation, as it is sent to the model."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of the answer, or of the reasoning that precedes it; never empty."""

    text: str
    reasoning: bool = False


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the server counted them; None where it did not report them.

    tokens_out includes hidden reasoning; reasoning_tokens is that share of it. rejected: what was reported in
    place of tokens_out, and is far too low for the text.
    """

    tokens_in: int | None
    tokens_out: int | None
    reasoning_tokens: int | None = None
    rejected: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Restart:
    """All chunks so far are void: the answer is sent again from its start."""


class FinishReason(StrEnum):
    """Why a stream that did not fail ended."""

    COMPLETE = "complete"  # the model finished
    LENGTH = "length"  # the model reached the limit of tokens in the request
    TOO_LONG = "too_long"  # reading stopped at our own limit of characters
    FILTERED = "filtered"  # the provider's moderation stopped the answer
    UNKNOWN = "unknown"  # the provider gave a reason that we do not know


class FailureReason(StrEnum):
    """Why a stream failed: safe to store, unlike a server's own text."""

    UNREACHABLE = "unreachable"  # no connection: address, network, certificate
    FORBIDDEN_ADDRESS = "forbidden_address"  # nothing was sent: see backends/addresses.py
    UNAUTHORIZED = "unauthorized"  # key missing, wrong, or without credit (401, 402, 403)
    RATE_LIMITED = "rate_limited"  # 429
    BAD_REQUEST = "bad_request"  # unknown model or option (other 4xx)
    CONTEXT_FULL = "context_full"  # the conversation exceeds the model's context window
    FILTERED = "filtered"  # the provider's moderation refused the prompt
    UPSTREAM_ERROR = "upstream_error"  # 5xx, or an error event inside the stream
    PROTOCOL_ERROR = "protocol_error"  # not a chat completion
    NO_OUTPUT = "no_output"  # no token at all
    TIMEOUT = "timeout"  # tokens, then nothing for too long, or too slow as a whole
    CONNECTION_LOST = "connection_lost"  # the connection ended before the answer did


class BackendError(Exception):
    """An answer that failed.

    detail: the server's or the network's own text, short, without the key; it may quote the conversation, so
    it is shown to who sent that, and stored nowhere.
    status: of HTTP, or what an error event says in its place.
    retry_after_seconds: the delay that the server asked for.
    redirected_to: the address to which the server sent the request, when that is why it failed.
    blames_server: whether the server is ill or misconfigured, by default as the reason says: a conversation
    that is too long, declined, or not understood is no failure of its server.
    """

    def __init__(
        self,
        reason: FailureReason,
        detail: str = "",
        *,
        retry_after_seconds: float | None = None,
        redirected_to: str = "",
        blames_server: bool | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail
        self.status = status
        self.retry_after_seconds = retry_after_seconds
        self.redirected_to = redirected_to
        is_well = reason in (FailureReason.CONTEXT_FULL, FailureReason.FILTERED)
        self.blames_server = not is_well if blames_server is None else blames_server

    def __str__(self) -> str:
        """The reason alone: a log line or a page that prints the error shows no provider's text."""
        return str(self.reason)


StreamItem = Chunk | Usage | Restart
Pause = Callable[[], Awaitable[object]]
PAUSE_SECONDS = 0.01


async def short_pause() -> None:
    """Wait between two reads of an answer that is read alone."""
    await asyncio.sleep(PAUSE_SECONDS)


class AnswerStream(Protocol):
    """One answer as it arrives."""

    finish_reason: FinishReason | None  # set at the end of an answer that did not fail

    def batches(self, pause: Pause = short_pause) -> AsyncGenerator[list[StreamItem], None]:
        """The items of each read, never empty: chunks, then at most one Usage at the end. A Restart voids the
        chunks before it.

        Nothing is sent before the first step. `pause` is awaited between two reads: the longer it is, the
        fewer and longer the chunks. Raises BackendError. Cancelling the task that iterates, or closing the
        generator (contextlib.aclosing), closes the connection.
        """


class Backend(Protocol):
    """A model that can answer."""

    def stream(self, messages: Sequence[Message]) -> AnswerStream: ...


async def read_all(stream: AnswerStream) -> list[StreamItem]:
    """The whole answer; raises BackendError."""
    return [item async for batch in stream.batches() for item in batch]
