"""Any server that speaks OpenAI's chat completions: providers, vLLM, Ollama, llama.cpp, LM Studio.

Source: https://platform.openai.com/docs/api-reference/chat
"""

import contextlib
import http.client
import json
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from types import TracebackType
from typing import Any, Self

from backends.base import BackendError, Chunk, End, FailureReason, Message, Usage
from backends.completion import CompletionReader, ErrorEvent, Nonsense, json_object
from backends.connections import Connections, Exchange, Request
from backends.failures import detail_of, reason_of, reason_of_event
from backends.sse import EventDecoder, LineTooLong

# About 25,000 tokens, 40 pages: nobody compares two longer answers, and no upstream fills our memory.
MAX_CHARACTERS = 100_000
MAX_BODY_BYTES = 2_000_000  # of an answer that is not a stream: an error, a list of models
USAGE_SECONDS = 3.0  # how long usage and [DONE] may follow the finish reason
LAST_BYTES_SECONDS = 0.1  # how long the end of the body may follow [DONE], to keep the connection

SHARED_CONNECTIONS = Connections()

_ENDS = {
    "length": End.LENGTH,
    "max_tokens": End.LENGTH,
    "content_filter": End.FILTERED,
}


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Patience, in seconds: to connect, for the first token, between two tokens, for the whole answer."""

    connect_seconds: float = 5.0
    first_token_seconds: float = 60.0
    between_tokens_seconds: float = 30.0
    total_seconds: float = 170.0


@dataclass(frozen=True)
class OpenAICompatible:
    """One model on one server.

    base_url ends before /chat/completions, as in https://api.openai.com/v1. `options` go into the request as
    they are (temperature, max_tokens, anything the server knows) and win over what is sent by default; a None
    leaves the field out, for instance {"stream_options": None} for a server that refuses it.
    """

    base_url: str
    model: str
    api_key: str | None = field(default=None, repr=False)
    options: Mapping[str, Any] = field(default_factory=dict)
    timeouts: Timeouts = Timeouts()
    max_characters: int = MAX_CHARACTERS
    connections: Connections = field(default=SHARED_CONNECTIONS, repr=False)

    def stream(self, messages: Sequence[Message]) -> "OpenAIStream":
        """The answer to a conversation; nothing is sent before the first iteration."""
        return OpenAIStream(self, self._request("POST", "/chat/completions", self._body(messages)))

    def _body(self, messages: Sequence[Message]) -> bytes:
        fields = {
            "model": self.model,
            "messages": [{"role": message.role, "content": message.content} for message in messages],
            "stream": True,
            "stream_options": {"include_usage": True},
        } | dict(self.options)
        return json.dumps({name: value for name, value in fields.items() if value is not None}).encode()

    def _request(self, method: str, path: str, body: bytes | None = None) -> Request:
        headers = {"User-Agent": "conso-duel", "Accept": "text/event-stream, application/json"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if self.api_key:
            headers["Authorization"] = f"Bearer {self.api_key.strip()}"
        return Request(method, self.base_url.rstrip("/") + path, headers, body)

    def list_models(self) -> tuple["OfferedModel", ...]:
        """The models that the server offers, whatever `model` is. Raises BackendError."""
        exchange = Exchange(self.connections, self._request("GET", "/models"))
        try:
            response = exchange.send(self.timeouts.connect_seconds, self.timeouts.between_tokens_seconds)
            if response.status != 200:
                raise _refusal(response, exchange, self)
            return tuple(map(_offered, json_object(_whole_body(exchange, self.timeouts))["data"]))
        except (KeyError, TypeError, AttributeError) as error:
            raise BackendError(FailureReason.NONSENSE, f"not a list of models: {error!r}") from error
        except _ERRORS as error:
            raise _failure(error, exchange, self, token_seen=False) from error
        finally:
            exchange.finish()


@dataclass(frozen=True, slots=True)
class OfferedModel:
    """A model that a server lists, with the facts it tells; None where it tells none."""

    name: str
    context_window_tokens: int | None = None
    total_params_b: float | None = None


def _offered(entry: dict[str, Any]) -> OfferedModel:
    """The names of the facts are vLLM's, OpenRouter's and llama.cpp's."""
    meta = entry.get("meta") or {}
    window = entry.get("max_model_len") or entry.get("context_length") or meta.get("n_ctx_train")
    params = meta.get("n_params")
    return OfferedModel(str(entry["id"]), int(window) if window else None, params / 1e9 if params else None)


class OpenAIStream:
    """An answer of OpenAICompatible; see backends.base.AnswerStream."""

    def __init__(self, backend: OpenAICompatible, request: Request) -> None:
        self.end: End | None = None
        self._backend = backend
        self._exchange = Exchange(backend.connections, request)
        self._reader = CompletionReader()
        self._decoder = EventDecoder()
        self._started = self._last_token = 0.0
        self._characters = 0
        self._done = False

    def __iter__(self) -> Iterator[Chunk | Usage]:
        try:
            yield from self._items()
        except _ERRORS as error:
            if not self._exchange.aborted:
                raise _failure(error, self._exchange, self._backend, self._characters > 0) from error
        except GeneratorExit:
            self.end = End.STOPPED
            raise
        finally:
            self._exchange.finish()
            if self._exchange.aborted and self.end is None:
                self.end = End.STOPPED

    def close(self) -> None:
        self._exchange.abort()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _items(self) -> Iterator[Chunk | Usage]:
        timeouts = self._backend.timeouts
        self._started = self._last_token = time.monotonic()
        response = self._exchange.send(timeouts.connect_seconds, timeouts.first_token_seconds)
        if response.status != 200:
            raise _refusal(response, self._exchange, self._backend)
        if response.headers.get_content_type() == "application/json":
            self._reader.feed(_whole_body(self._exchange, timeouts))
        else:
            yield from self._streamed()
        yield from self._capped(chain(self._reader.chunks(), self._reader.flush()))
        self._conclude()
        if self._reader.usage:
            yield self._reader.usage
        if self._done:
            self._exchange.drain(LAST_BYTES_SECONDS)

    def _streamed(self) -> Iterator[Chunk]:
        while not self._done and (data := self._read()):
            try:
                self._feed(self._decoder.feed(data))
            except (ErrorEvent, Nonsense, LineTooLong):
                yield from self._capped(self._reader.chunks())  # what came just before the error
                raise
            yield from self._capped(self._reader.chunks())
        self._feed(self._decoder.flush())

    def _read(self) -> bytes:
        """What has arrived; empty at the end, also when a whole answer lacks only its goodbye."""
        try:
            return self._exchange.read(self._patience_seconds())
        except (OSError, http.client.HTTPException):
            if self._reader.finish_reason:
                return b""
            raise

    def _patience_seconds(self) -> float:
        """How long to wait now; raises TimeoutError when no time is left.

        Counted from the last token: some servers send comments while nothing is written.
        """
        timeouts, now = self._backend.timeouts, time.monotonic()
        between = timeouts.between_tokens_seconds if self._characters else timeouts.first_token_seconds
        if self._reader.finish_reason:
            between = USAGE_SECONDS
        left = min(self._last_token + between, self._started + timeouts.total_seconds) - now
        if left <= 0:
            raise TimeoutError("no time left")
        return left

    def _feed(self, events: list[bytes]) -> None:
        for event in events:
            if event == b"[DONE]":
                self._done = True
            elif event and not self._done:
                self._reader.feed(event)

    def _capped(self, chunks: Iterable[Chunk]) -> Iterator[Chunk]:
        """The chunks up to the limit of characters, where the stream ends."""
        for chunk in chunks:
            self._last_token = time.monotonic()
            room = self._backend.max_characters - self._characters
            self._characters += len(chunk.text)
            if len(chunk.text) <= room:
                yield chunk
                continue
            self.end = End.TOO_LONG
            self._done = True
            if room > 0:
                yield Chunk(chunk.text[:room], chunk.reasoning)
            return

    def _conclude(self) -> None:
        """Say why the stream is over; raises BackendError when it is over without an answer."""
        if self.end or self._exchange.aborted:
            return
        reason = self._reader.finish_reason
        if reason == "error":
            raise BackendError(FailureReason.UPSTREAM_ERROR, "the finish reason is « error »")
        if not (reason or self._done):
            said = FailureReason.CUT if self._reader.events else FailureReason.NONSENSE
            raise BackendError(said, "the body ended before the answer")
        self.end = _ENDS.get(reason, End.COMPLETE)
        if not self._characters:
            silent = FailureReason.FILTERED if self.end is End.FILTERED else FailureReason.SILENT
            raise BackendError(silent, f"no text; finish reason « {reason} »")


def _whole_body(exchange: Exchange, timeouts: Timeouts) -> bytes:
    """A body that is not a stream, up to MAX_BODY_BYTES; the rest is left unread."""
    body = b""
    while len(body) < MAX_BODY_BYTES and (data := exchange.read(timeouts.between_tokens_seconds)):
        body += data
    return body


def _refusal(
    response: http.client.HTTPResponse, exchange: Exchange, backend: OpenAICompatible
) -> BackendError:
    """The error behind a status that is not 200."""
    with contextlib.suppress(OSError, http.client.HTTPException):
        text = _whole_body(exchange, backend.timeouts).decode("utf-8", "replace")
    return BackendError(
        reason_of(response.status, text),
        detail_of(f"HTTP {response.status}: {text}", backend.api_key),
        retry_after_seconds=_seconds(response.headers.get("Retry-After")),
    )


def _seconds(retry_after: str | None) -> float | None:
    """The header's number; its other form, a date, is not used by model providers."""
    return float(retry_after) if retry_after and re.fullmatch(r"\d{1,6}(\.\d{1,6})?", retry_after) else None


# What reading an answer may raise; ValueError: Nonsense, LineTooLong, an address that cannot be used.
_ERRORS = (BackendError, ErrorEvent, OSError, http.client.HTTPException, ValueError)


def _failure(
    error: Exception, exchange: Exchange, backend: OpenAICompatible, token_seen: bool
) -> BackendError:
    """One of _ERRORS, told in the platform's words."""
    if isinstance(error, BackendError):
        return error
    if isinstance(error, ErrorEvent):
        text = json.dumps(error.error, ensure_ascii=False)
        return BackendError(reason_of_event(error.error, text), detail_of(text, backend.api_key))
    detail = detail_of(f"{type(error).__name__}: {error}", backend.api_key)
    return BackendError(_reason(error, exchange.connected, token_seen), detail)


def _reason(error: Exception, connected: bool, token_seen: bool) -> FailureReason:
    # In this order: RemoteDisconnected is an OSError and an HTTPException, TimeoutError is an OSError,
    # InvalidURL is an HTTPException, Nonsense and LineTooLong are ValueErrors.
    if isinstance(error, OSError) and not connected:
        return FailureReason.UNREACHABLE
    if isinstance(error, TimeoutError):
        return FailureReason.TIMEOUT if token_seen else FailureReason.SILENT
    if isinstance(error, OSError):
        return FailureReason.CUT
    if isinstance(error, (Nonsense, LineTooLong)):
        return FailureReason.NONSENSE
    if isinstance(error, (http.client.InvalidURL, ValueError)):
        return FailureReason.BAD_REQUEST
    return FailureReason.NONSENSE
