"""uvicorn's HTTP server with limits of its own, for where no proxy stands in front.

What it lifts: uvicorn has no limit on the size of headers, trailers and bodies, nor on the time that they
take; one client could fill memory, disk and sockets.

What it leans on, none of it documented by uvicorn: HttpToolsProtocol with its callbacks of the parser,
send_400_response, STATUS_LINE, and the attributes client, cycle, loop and transport.
tests/conso_duel/test_http_protocol.py holds it to what a server must do. The way back: leave `--http` out of
the commands of the web server (embedded/services.py, docker-compose.yml, Dockerfile).
"""

import asyncio
from collections import Counter
from http import HTTPStatus
from typing import Any

from django.conf import settings
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

MAX_HEAD_BYTES = 65_536  # of a request: its line and all its headers
# A question has at most 8,000 characters, twelve bytes each where a form writes them as percent codes.
MAX_BODY_BYTES = 524_288
MAX_ADMIN_BODY_BYTES = 5_242_880  # a catalogue that a curator imports
ADMIN_PATH = "/admin/"
CHUNK_MARKS_FACTOR = 2  # the marks between the chunks of a body, and what follows it, count too
HEAD_SECONDS, BODY_SECONDS, ADMIN_BODY_SECONDS = 10.0, 20.0, 120.0
connections_by_address: Counter[str] = Counter()


class BoundedProtocol(HttpToolsProtocol):
    """Ends a connection whose request is too large or takes too long, or of an address that has too many."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._is_refused = False
        self._is_in_head, self._received_bytes, self._max_bytes = True, 0, MAX_HEAD_BYTES
        self._deadline = self.loop.call_later(HEAD_SECONDS, self._refuse, HTTPStatus.REQUEST_TIMEOUT)
        # Behind a proxy all connections come from it, and it has limits of its own.
        self._address = self.client[0] if self.client and not settings.PROXIES else ""
        if self._address:
            connections_by_address[self._address] += 1
            most = settings.LIMIT_CONNECTIONS_ADDRESS
            if 0 < most < connections_by_address[self._address]:
                self._refuse(HTTPStatus.SERVICE_UNAVAILABLE)

    def connection_lost(self, exc: Exception | None) -> None:
        self._deadline.cancel()
        if self._address:
            connections_by_address[self._address] -= 1
            if not connections_by_address[self._address]:
                del connections_by_address[self._address]
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse the data, in pieces that each end where a limit may be reached."""
        while data and not self._is_refused:
            room = self._max_bytes - self._received_bytes
            if room <= 0:
                is_head = self._is_in_head
                status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
                self._refuse(status if is_head else HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
                return
            piece, data = data[:room], data[room:]
            self._received_bytes += len(piece)
            super().data_received(piece)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._set_deadline(HEAD_SECONDS)

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self._is_in_head = False
        is_admin = ADMIN_PATH in self.scope["path"]
        most = MAX_ADMIN_BODY_BYTES if is_admin else MAX_BODY_BYTES
        announced = dict(self.headers).get(b"content-length", b"0")
        if int(announced) > most:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        self._max_bytes = MAX_HEAD_BYTES + CHUNK_MARKS_FACTOR * most
        self._set_deadline(ADMIN_BODY_SECONDS if is_admin else BODY_SECONDS)

    def on_body(self, body: bytes) -> None:
        if not self._is_refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._deadline.cancel()
        self._is_in_head, self._received_bytes, self._max_bytes = True, 0, MAX_HEAD_BYTES

    def _set_deadline(self, seconds: float) -> None:
        self._deadline.cancel()
        self._deadline = self.loop.call_later(seconds, self._refuse, HTTPStatus.REQUEST_TIMEOUT)

    def _refuse(self, status: HTTPStatus) -> None:
        """Answer with the status alone, unless a response has begun, and close the connection."""
        self._is_refused = True
        self._deadline.cancel()
        if self.transport.is_closing():
            return
        cycle: Any = self.cycle
        if cycle is None or cycle.response_complete or not cycle.response_started:
            head = b"content-length: 0\r\nconnection: close\r\n\r\n"
            self.transport.write(STATUS_LINE[status] + head)
        self.transport.close()
