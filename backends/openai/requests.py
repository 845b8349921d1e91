"""One server with an OpenAI-compatible API: how requests are sent, and how failures are classified."""

import asyncio
import errno
import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from yarl import URL

from backends.base import BackendError, FailureReason
from backends.content_decoder import ContentDecoder, UndecodableBody
from backends.http_client import KEY_HEADER, HTTPClient, RedirectError, Request
from backends.openai.chunks import ErrorEvent, ProtocolError
from backends.openai.errors import blames_request, classify, event_status, redact, seconds_to_wait
from backends.openai.sse import LineTooLong

MAX_BODY_BYTES = 2_000_000  # of a body that is not a stream: an error, a list of models

# What sending a request and reading its response may raise. ValueError: ProtocolError, LineTooLong, or an
# address or a key that cannot be sent.
ERRORS = (BackendError, ErrorEvent, aiohttp.ClientError, OSError, ValueError)
# Of these, the ones that are raised before a connection is open.
UNREACHABLE_ERRORS = (
    aiohttp.ClientConnectorError,  # DNS, connection, TLS
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
)


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to connect, to the first token, between two tokens, and for the whole answer."""

    connect_seconds: float = 5.0
    first_token_seconds: float = 60.0
    between_tokens_seconds: float = 30.0
    total_seconds: float = 170.0


@dataclass(frozen=True, slots=True)
class Server:
    """Address, key and time limits of one server."""

    base_url: str
    api_key: str | None = field(repr=False)
    timeouts: Timeouts

    def request(self, method: str, path: str, fields: Mapping[str, Any] | None = None) -> Request:
        """A request for one function of the API; a field of None is left out."""
        headers = {
            "User-Agent": "conso-duel",
            "Accept": "text/event-stream, application/json",
            "Accept-Encoding": "identity",  # a stream of small events gains nothing from compression
        }
        body = None
        if fields is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps({name: value for name, value in fields.items() if value is not None}).encode()
        if self.api_key:
            headers[KEY_HEADER] = f"Bearer {self.api_key.strip()}"
        return Request(method, self.base_url.rstrip("/") + path, headers, body)

    @asynccontextmanager
    async def open(
        self, http: HTTPClient, request: Request, deadline: float
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """The response, once its headers have arrived; closed with the block. Raises one of ERRORS.

        deadline: by the clock of the event loop, for the headers too.
        """
        connect_seconds = self.timeouts.connect_seconds
        headers_by = asyncio.get_running_loop().time() + connect_seconds + self.timeouts.first_token_seconds
        async with asyncio.timeout_at(min(headers_by, deadline)):
            response = await http.send(request, connect_seconds)
        try:
            yield response
        finally:
            response.close()  # a connection whose response was read to its end has gone back to the pool

    async def read_body(self, response: aiohttp.ClientResponse, deadline: float) -> bytes:
        """A body that is not a stream, up to MAX_BODY_BYTES; raises aiohttp.ClientError or TimeoutError."""
        body, is_end = bytearray(), False
        decoder = ContentDecoder(response.headers.get("Content-Encoding", ""))
        while len(body) < MAX_BODY_BYTES and not (is_end and decoder.is_empty):
            pause_by = asyncio.get_running_loop().time() + self.timeouts.between_tokens_seconds
            async with asyncio.timeout_at(min(pause_by, deadline)):
                data = b"" if decoder.has_output else await response.content.readany()
            is_end |= not (data or decoder.has_output)
            body += decoder.decode(data, is_end=is_end)
        return bytes(body)

    async def status_error(self, response: aiohttp.ClientResponse, deadline: float) -> BackendError:
        """The error behind a status that is no success."""
        try:
            text = (await self.read_body(response, deadline)).decode("utf-8", "replace")
        except (aiohttp.ClientError, TimeoutError):
            text = ""
        return self._refusal(
            response.status,
            text,
            f"HTTP {response.status}: {text}",
            pause_seconds=_seconds(response.headers.get("Retry-After")),
            redirected_to=self.redirection(response),
        )

    def _refusal(
        self,
        status: int,
        text: str,
        detail: str,
        *,
        pause_seconds: float | None = None,
        redirected_to: str = "",
    ) -> BackendError:
        """The error of an HTTP status, or of an event that means the same."""
        return BackendError(
            classify(status, text),
            redact(detail, self.api_key),
            retry_after_seconds=seconds_to_wait(text) if pause_seconds is None else pause_seconds,
            redirected_to=redirected_to,
            blames_server=False if blames_request(status, text) else None,
            status=status,
        )

    def failure(self, error: Exception, *, token_seen: bool = False, redirected_to: str = "") -> BackendError:
        """One of ERRORS as a BackendError.

        redirected_to: the address that answered in place of the one that was asked, if another did.
        """
        if isinstance(error, BackendError):
            failure = error
        elif isinstance(error, ErrorEvent):
            text = json.dumps(error.error, ensure_ascii=False)
            failure = self._refusal(event_status(error.error, text), text, text)
        else:
            failure = BackendError(
                _reason(error, token_seen),
                redact(f"{type(error).__name__}: {error}", self.api_key),
                redirected_to=error.address if isinstance(error, RedirectError) else "",
            )
        if failure.reason is FailureReason.PROTOCOL_ERROR:
            failure.redirected_to = failure.redirected_to or redirected_to
        return failure

    def redirection(self, response: aiohttp.ClientResponse) -> str:
        """The address that gave this response, where a redirect led away from the one that was asked."""
        answered, asked = response.url, URL(self.base_url)
        is_same = answered.origin() == asked.origin() and answered.path.startswith(
            asked.path.rstrip("/") + "/"
        )
        return "" if is_same else str(answered)


def _seconds(retry_after: str | None) -> float | None:
    """The header's number; its other form, a date, is not used by model providers."""
    return float(retry_after) if retry_after and re.fullmatch(r"\d{1,6}(\.\d{1,6})?", retry_after) else None


def _reason(error: Exception, token_seen: bool) -> FailureReason:
    # In this order: many of aiohttp's errors are also OSErrors or ValueErrors.
    if isinstance(error, OSError) and error.errno == errno.EACCES:
        return FailureReason.FORBIDDEN_ADDRESS
    if isinstance(error, UNREACHABLE_ERRORS):
        return FailureReason.UNREACHABLE
    if isinstance(error, TimeoutError):
        return FailureReason.TIMEOUT if token_seen else FailureReason.NO_OUTPUT
    if isinstance(error, (ProtocolError, LineTooLong, RedirectError, UndecodableBody)):
        return FailureReason.PROTOCOL_ERROR
    if isinstance(error, (ValueError, aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError)):
        return FailureReason.BAD_REQUEST
    if isinstance(error, (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, OSError)):
        return FailureReason.CONNECTION_LOST
    return FailureReason.PROTOCOL_ERROR
