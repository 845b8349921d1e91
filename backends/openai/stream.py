"""One streamed answer of an OpenAI-compatible server, from the request to its end."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from backends.base import (
    AnswerStream,
    BackendError,
    FailureReason,
    FinishReason,
    Pause,
    StreamItem,
    short_pause,
)
from backends.http_client import Body, HTTPClient
from backends.openai.decoder import CompletionDecoder
from backends.openai.requests import ERRORS, Server

USAGE_SECONDS = 3.0  # how long usage and [DONE] may follow the finish reason
END_OF_BODY_SECONDS = 0.1  # how long the end of the body may follow [DONE], to keep the connection


class OpenAIStream(AnswerStream):
    """An answer of OpenAICompatible."""

    def __init__(
        self, server: Server, http: HTTPClient | None, fields: Mapping[str, Any], max_characters: int
    ) -> None:
        self.finish_reason: FinishReason | None = None
        self._server = server
        self._http = http
        self._fields = fields
        self._max_characters = max_characters
        self._token_seen = False
        self._redirected_to = ""

    async def batches(self, pause: Pause = short_pause) -> AsyncGenerator[list[StreamItem], None]:
        started = asyncio.get_running_loop().time()
        deadline = started + self._server.timeouts.total_seconds
        try:
            async with opened(self._http) as http, self._accepted(http, deadline) as response:
                decoder = CompletionDecoder(max_characters=self._max_characters)
                reader = _Reader(self._server, response, decoder, started, deadline)
                while True:
                    if batch := reader.read():
                        self._token_seen = True
                        yield batch
                    if decoder.error:
                        raise decoder.error
                    if reader.is_over:
                        break
                    reader.check_time()
                    await reader.body.wait(pause)
                if batch := decoder.finish():
                    yield batch
                self.finish_reason = decoder.finish_reason
                await reader.drain(pause)
        except ERRORS as error:
            raise self._server.failure(
                error, token_seen=self._token_seen, redirected_to=self._redirected_to
            ) from error

    @asynccontextmanager
    async def _accepted(self, http: HTTPClient, deadline: float) -> AsyncIterator[aiohttp.ClientResponse]:
        """The response of a success; where it refuses `stream_options`, to a second request without."""
        fields = dict(self._fields)
        while True:
            request = self._server.request("POST", "/chat/completions", fields)
            async with self._server.open(http, request, deadline) as response:
                if response.status < 300:
                    self._redirected_to = self._server.redirection(response)
                    yield response
                    return
                error = await self._server.status_error(response, deadline)
            is_unknown_option = error.reason is FailureReason.BAD_REQUEST and "stream_options" in error.detail
            if not (is_unknown_option and fields.pop("stream_options", None)):
                raise error


class _Reader:
    """Reads the body of an accepted response into its decoder, within the time limits."""

    def __init__(
        self,
        server: Server,
        response: aiohttp.ClientResponse,
        decoder: CompletionDecoder,
        started: float,
        deadline: float,
    ) -> None:
        self._timeouts = server.timeouts
        self.body = Body(response)
        self._decoder = decoder
        self._loop = asyncio.get_running_loop()
        self._last_token = started
        self._deadline = deadline
        self._is_cut = False

    @property
    def is_over(self) -> bool:
        return self._decoder.is_done or self._is_cut or self.body.is_complete

    def read(self) -> list[StreamItem]:
        """Decode all that has arrived. A connection lost after the finish reason only ends the body."""
        try:
            data = self.body.read_available()
        except (aiohttp.ClientError, OSError):
            if not self._decoder.has_finish_reason:
                raise
            self._is_cut = True
            return []
        batch = self._decoder.feed(data) if data else []
        if batch or (data and self._decoder.is_whole_body):
            self._last_token = self._loop.time()
        return batch

    def check_time(self) -> None:
        """Raise TimeoutError when a token, which a comment is not, or the whole answer takes too long."""
        now = self._loop.time()
        if self._decoder.has_finish_reason and now > self._last_token + USAGE_SECONDS:
            self._is_cut = True
        elif now > self._last_token + self._token_seconds or (
            now > self._deadline and not self._decoder.characters
        ):
            raise TimeoutError("no token in time")
        elif now > self._deadline:
            # A server that still writes is well: the question asks for more than there is time for.
            raise BackendError(FailureReason.TIMEOUT, "no end in time", blames_server=False)

    @property
    def _token_seconds(self) -> float:
        if self._decoder.characters:
            return self._timeouts.between_tokens_seconds
        return self._timeouts.first_token_seconds

    async def drain(self, pause: Pause) -> None:
        """Wait a little for the end of the body: only then can the connection serve the next answer."""
        until = self._loop.time() + END_OF_BODY_SECONDS
        try:
            while self._decoder.is_done and not self.body.is_complete and self._loop.time() < until:
                await self.body.wait(pause)
                self.body.read_available()
        except (aiohttp.ClientError, OSError):
            return


@asynccontextmanager
async def opened(http: HTTPClient | None) -> AsyncIterator[HTTPClient]:
    """The shared client, or one for this block alone."""
    if http is not None:
        yield http
        return
    async with HTTPClient() as own:
        yield own
