"""One streamed answer of an OpenAI-compatible server, from the request to its end."""

import contextlib
import http.client
import time
from collections.abc import Generator, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from backends.base import AnswerStream, Arriving, BackendError, Chunk, FailureReason, FinishReason
from backends.connections import Exchange
from backends.openai.chunks import CompletionReader, ErrorEvent, ProtocolError
from backends.openai.requests import ERRORS, MAX_BODY_BYTES, Server
from backends.openai.sse import EventDecoder, LineTooLong

# About 25,000 tokens, 40 pages: nobody compares two longer answers, and no upstream fills our memory.
MAX_CHARACTERS = 100_000
USAGE_SECONDS = 3.0  # how long usage and [DONE] may follow the finish reason
LAST_BYTES_SECONDS = 0.1  # how long the end of the body may follow [DONE], to keep the connection

_ENDS = {
    "length": FinishReason.LENGTH,
    "max_tokens": FinishReason.LENGTH,
    "content_filter": FinishReason.FILTERED,
}


class OpenAIStream(AnswerStream):
    """An answer of OpenAICompatible."""

    def __init__(self, server: Server, fields: Mapping[str, Any], max_characters: int) -> None:
        self.end: FinishReason | None = None
        self._server = server
        self._fields = fields
        self._max_characters = max_characters
        self._exchange = Exchange(server.connections, server.timeouts.total_seconds)
        self._reader = CompletionReader()
        self._decoder = EventDecoder()
        self._last_token = 0.0
        self._characters = 0
        self._done = False

    def arriving(self) -> Arriving:
        try:
            yield from self._items()
        except GeneratorExit:
            self.end = FinishReason.STOPPED
            raise
        except ERRORS as error:
            if not self._exchange.aborted:
                raise self._server.failure(error, self._exchange, token_seen=self._characters > 0) from error
        finally:
            self._exchange.finish()
            if self._exchange.aborted and self.end is None:
                self.end = FinishReason.STOPPED

    def close(self) -> None:
        self._exchange.abort()

    def _items(self) -> Arriving:
        self._last_token = time.monotonic()
        response = self._accepted()
        if response.headers.get_content_type() == "application/json":
            yield from self._at_once()
        else:
            yield from self._streamed()
        yield from self._capped(chain(self._reader.chunks(), self._reader.flush()))
        self._conclude()
        if self._reader.usage:
            yield self._reader.usage
        if self._done:
            yield from self._goodbye()

    def _accepted(self) -> http.client.HTTPResponse:
        """The response with status 200; a server that refuses `stream_options` is asked without them."""
        fields = dict(self._fields)
        while True:
            request = self._server.request("POST", "/chat/completions", fields)
            response = self._server.send(self._exchange, request)
            if response.status == 200:
                return response
            refusal = self._server.refusal(self._exchange, response)
            unknown_option = (
                refusal.reason is FailureReason.BAD_REQUEST and "stream_options" in refusal.detail
            )
            if not (unknown_option and fields.pop("stream_options", None)):
                raise refusal
            self._exchange.finish()

    def _at_once(self) -> Arriving:
        """An answer that is no stream: nothing can be shown before its end."""
        body = b""
        for piece in self._pieces():
            if piece:
                self._last_token = time.monotonic()
                body += piece
            if len(body) >= MAX_BODY_BYTES:
                break
            yield None
        self._reader.feed(body)

    def _streamed(self) -> Arriving:
        for piece in self._pieces():
            try:
                self._feed(self._decoder.feed(piece or b""))
            except (ErrorEvent, ProtocolError, LineTooLong):
                yield from self._capped(self._reader.chunks())  # what came just before the error
                raise
            yield from self._capped(self._reader.chunks())
            if self._done:
                return
            yield None
        self._feed(self._decoder.flush())

    def _pieces(self) -> Iterator[bytes | None]:
        """The body as it comes, None where nothing has; a whole answer may lack its goodbye.

        Raises TimeoutError when the server has been silent for too long.
        """
        try:
            while (piece := self._exchange.arrived()) != b"":
                yield piece
                if self._patience_seconds() <= 0:
                    raise TimeoutError("no time left")
        except (OSError, http.client.HTTPException):
            if not self._reader.finish_reason:
                raise

    def _goodbye(self) -> Generator[None, None, None]:
        """Waits a little for the end of the body, so that the connection can serve again."""
        until = time.monotonic() + LAST_BYTES_SECONDS
        with contextlib.suppress(OSError, http.client.HTTPException):
            while self._exchange.arrived() is None and time.monotonic() < until:
                yield None

    def _patience_seconds(self) -> float:
        """How long a token may still take, counted from the last: some servers send comments meanwhile."""
        timeouts = self._server.timeouts
        between = timeouts.between_tokens_seconds if self._characters else timeouts.first_token_seconds
        if self._reader.finish_reason:
            between = USAGE_SECONDS
        return self._last_token + between - time.monotonic()

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
            room = self._max_characters - self._characters
            self._characters += len(chunk.text)
            if len(chunk.text) <= room:
                yield chunk
                continue
            self.end = FinishReason.TOO_LONG
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
            said = FailureReason.CONNECTION_LOST if self._reader.events else FailureReason.PROTOCOL_ERROR
            raise BackendError(said, "the body ended before the answer")
        end = _ENDS.get(reason, FinishReason.COMPLETE)
        if not self._characters:
            silent = FailureReason.FILTERED if end is FinishReason.FILTERED else FailureReason.NO_OUTPUT
            raise BackendError(silent, f"no text; finish reason « {reason} »")
        self.end = end
