"""A server with an OpenAI-compatible API: how it is asked, and what its refusals mean."""

import contextlib
import http.client
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from backends.base import BackendError, FailureReason
from backends.connections import Connections, Exchange, Request
from backends.openai.chunks import ErrorEvent, ProtocolError
from backends.openai.errors import classify, classify_event, redact
from backends.openai.sse import LineTooLong

MAX_BODY_BYTES = 2_000_000  # of a body that is not a stream: an error, a list of models

# What an exchange and the reading of its body may raise. ValueError: Nonsense, LineTooLong, or an address or
# a key that cannot be sent.
ERRORS = (BackendError, ErrorEvent, OSError, http.client.HTTPException, ValueError)


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Patience, in seconds: to connect, for the first token, between two tokens, for the whole answer."""

    connect_seconds: float = 5.0
    first_token_seconds: float = 60.0
    between_tokens_seconds: float = 30.0
    total_seconds: float = 170.0


@dataclass(frozen=True, slots=True)
class Server:
    """Address, key and patience for one server."""

    base_url: str
    api_key: str | None = field(repr=False)
    timeouts: Timeouts
    connections: Connections = field(repr=False)

    def request(self, method: str, path: str, fields: Mapping[str, Any] | None = None) -> Request:
        """A request for one of the API's functions; a field of None is left out."""
        headers = {"User-Agent": "conso-duel", "Accept": "text/event-stream, application/json"}
        body = None
        if fields is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps({name: value for name, value in fields.items() if value is not None}).encode()
        if self.api_key:
            headers["Authorization"] = f"Bearer {self.api_key.strip()}"
        return Request(method, self.base_url.rstrip("/") + path, headers, body)

    def send(self, exchange: Exchange, request: Request) -> http.client.HTTPResponse:
        """The response, once its headers are there; raises one of ERRORS."""
        return exchange.send(request, self.timeouts.connect_seconds, self.timeouts.first_token_seconds)

    def whole_body(self, exchange: Exchange) -> bytes:
        """A body that is not a stream, up to MAX_BODY_BYTES; the rest is left unread."""
        body = b""
        while len(body) < MAX_BODY_BYTES and (data := exchange.read(self.timeouts.between_tokens_seconds)):
            body += data
        return body

    def refusal(self, exchange: Exchange, response: http.client.HTTPResponse) -> BackendError:
        """The error behind a status that is not 200."""
        text = ""
        with contextlib.suppress(OSError, http.client.HTTPException):
            text = self.whole_body(exchange).decode("utf-8", "replace")
        return BackendError(
            classify(response.status, text),
            redact(f"HTTP {response.status}: {text}", self.api_key),
            retry_after_seconds=_seconds(response.headers.get("Retry-After")),
        )

    def failure(self, error: Exception, exchange: Exchange, *, token_seen: bool = False) -> BackendError:
        """One of ERRORS, told in the platform's words."""
        if isinstance(error, BackendError):
            return error
        if isinstance(error, ErrorEvent):
            text = json.dumps(error.error, ensure_ascii=False)
            return BackendError(classify_event(error.error, text), redact(text, self.api_key))
        detail = redact(f"{type(error).__name__}: {error}", self.api_key)
        return BackendError(_reason(error, exchange.connected, token_seen), detail)


def _seconds(retry_after: str | None) -> float | None:
    """The header's number; its other form, a date, is not used by model providers."""
    return float(retry_after) if retry_after and re.fullmatch(r"\d{1,6}(\.\d{1,6})?", retry_after) else None


def _reason(error: Exception, connected: bool, token_seen: bool) -> FailureReason:
    # In this order: RemoteDisconnected is an OSError and an HTTPException, TimeoutError is an OSError,
    # InvalidURL is an HTTPException, Nonsense and LineTooLong are ValueErrors.
    if isinstance(error, OSError) and not connected:
        return FailureReason.UNREACHABLE
    if isinstance(error, TimeoutError):
        return FailureReason.TIMEOUT if token_seen else FailureReason.NO_OUTPUT
    if isinstance(error, OSError):
        return FailureReason.CONNECTION_LOST
    if isinstance(error, (ProtocolError, LineTooLong)):
        return FailureReason.PROTOCOL_ERROR
    if isinstance(error, (http.client.InvalidURL, ValueError)):
        return FailureReason.BAD_REQUEST
    return FailureReason.PROTOCOL_ERROR
