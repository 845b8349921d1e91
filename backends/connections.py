"""HTTP connections to the models' servers, read with as little CPU per token as possible.

The standard library's http.client up to the headers, then the socket itself, without waiting: one thread
reads many answers. Not httpx: with 20 streams of 50 tokens per second, one thread each (two busy cores,
Python 3.11), httpx 0.28 takes 0.13 to 0.15 CPU-seconds per 1,000 tokens to read and decode the lines, bare
sockets 0.04.
"""

import base64
import contextlib
import functools
import http.client
import io
import os
import select
import socket
import ssl
import threading
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import unquote, urlsplit

import certifi

from backends.framing import Body, ChunkedBody, SizedBody

READ_BYTES = 65_536
NOTHING_YET = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)  # of a socket that does not wait
IDLE_SECONDS = 15.0  # some servers close an idle connection sooner: that is noticed before it is used


@functools.cache
def tls_context() -> ssl.SSLContext:
    """The system's authorities (a company's own among them) and certifi's, for systems that have none."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


class _Punctual(io.RawIOBase):
    """What a socket receives, up to a moment: of a server that drips, each read alone would be in time."""

    def __init__(self, source: io.RawIOBase, sock: socket.socket, until: float) -> None:
        self._source = source
        self._socket = sock
        self.until: float | None = until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self.until is not None:
            self._socket.settimeout(_left(self.until))
        return self._source.readinto(buffer)

    def close(self) -> None:
        self._source.close()
        super().close()


class _Response(http.client.HTTPResponse):
    """A response whose headers, or those of a proxy that opens a tunnel, are all read by a given moment."""

    def __init__(
        self, sock: socket.socket, method: str | None = None, *, until: float, made: list[Any]
    ) -> None:
        super().__init__(sock, method=method)
        self._punctual = _Punctual(self.fp.detach(), sock, until)
        self.fp = io.BufferedReader(self._punctual)
        made.append(self)

    def begin(self) -> None:
        super().begin()
        self._punctual.until = None

    @classmethod
    def by(cls, until: float, made: list[Any]) -> Any:
        """What http.client is to call for its responses, which it also leaves in `made`."""
        return functools.partial(cls, until=until, made=made)


def _left(until: float) -> float:
    """Seconds from now; raises TimeoutError when there are none."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("no time left")
    return left


@dataclass(frozen=True, slots=True)
class Origin:
    """A server: what one connection can be used for."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> Self:
        """Raises ValueError for what is not an absolute http(s) address."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"not an http(s) address: {url}")
        return cls(parts.scheme, parts.hostname, parts.port or (443 if parts.scheme == "https" else 80))

    def connect(self, timeout_seconds: float) -> http.client.HTTPConnection:
        """An open connection, through the proxy that the environment names, if any."""
        proxy = self.proxy()
        host, port = _address(proxy) if proxy else (self.host, self.port)
        connection = (
            http.client.HTTPSConnection(host, port, timeout=timeout_seconds, context=tls_context())
            if self.scheme == "https"
            else http.client.HTTPConnection(host, port, timeout=timeout_seconds)
        )
        if proxy and self.scheme == "https":
            connection.set_tunnel(self.host, self.port, headers=proxy_authorization(proxy))
        answers: list[http.client.HTTPResponse] = []  # of a proxy that is asked for a tunnel
        connection.response_class = _Response.by(time.monotonic() + timeout_seconds, answers)
        try:
            connection.connect()
        except BaseException:
            connection.close()  # a failed TLS handshake leaves the socket open
            for answer in answers:
                answer.close()  # so does, before Python 3.11.5, a tunnel that is refused
            raise
        return connection

    def proxy(self) -> str | None:
        """The proxy named by HTTP_PROXY or HTTPS_PROXY; none for this machine and what NO_PROXY names."""
        if _is_this_machine(self.host) or urllib.request.proxy_bypass(self.host):
            return None
        return urllib.request.getproxies().get(self.scheme)


def _is_this_machine(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")


def _address(proxy: str) -> tuple[str, int]:
    parts = urlsplit(proxy if "//" in proxy else f"//{proxy}")
    return parts.hostname or "", parts.port or 80


def proxy_authorization(proxy: str) -> dict[str, str]:
    """The header for a proxy address that holds a user and a password; empty when it holds none."""
    parts = urlsplit(proxy)
    if not parts.username:
        return {}
    credentials = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return {"Proxy-Authorization": "Basic " + base64.b64encode(credentials.encode()).decode()}


@dataclass(frozen=True, slots=True)
class _Idle:
    since: float
    origin: Origin
    connection: http.client.HTTPConnection


class Connections:
    """Connections left open by finished answers, for the next ones; safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[_Idle] = []  # oldest first
        # A socket used by two processes would mix two answers.
        os.register_at_fork(after_in_child=self._forget)

    def _forget(self) -> None:
        self._lock = threading.Lock()
        self._idle = []

    def take(self, origin: Origin) -> http.client.HTTPConnection | None:
        """The most recently used idle connection that is still alive; None when there is none."""
        while (connection := self._pop(origin)) is not None:
            if not _has_input(connection.sock):
                return connection
            connection.close()
        return None

    def _pop(self, origin: Origin) -> http.client.HTTPConnection | None:
        with self._lock:
            self._close_until(time.monotonic() - IDLE_SECONDS)
            for place in reversed(range(len(self._idle))):
                if self._idle[place].origin == origin:
                    return self._idle.pop(place).connection
        return None

    def give_back(self, origin: Origin, connection: http.client.HTTPConnection) -> None:
        """Keep a connection whose last answer was read to its end."""
        now = time.monotonic()
        with self._lock:
            self._close_until(now - IDLE_SECONDS)
            self._idle.append(_Idle(now, origin, connection))

    def close(self) -> None:
        """Close every idle connection."""
        with self._lock:
            self._close_until(float("inf"))

    def _close_until(self, moment: float) -> None:
        while self._idle and self._idle[0].since < moment:
            self._idle.pop(0).connection.close()


def _has_input(sock: socket.socket) -> bool:
    """Whether a read would return at once, be it with the other side's goodbye."""
    if isinstance(sock, ssl.SSLSocket) and sock.pending():
        return True
    sock.settimeout(0)
    try:
        # The plain method, also for a TLS socket: it only looks, and leaves the bytes to TLS.
        socket.socket.recv(sock, 1, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a server."""

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(default=None, repr=False)

    def as_sent(self) -> tuple[str, bytes | None, dict[str, str]]:
        """Target, body and headers; a plain proxy gets the whole address, which it needs to find the way."""
        origin, headers = Origin.of(self.url), dict(self.headers)
        if origin.scheme == "http" and (proxy := origin.proxy()):
            return self.url, self.body, headers | proxy_authorization(proxy)
        parts = urlsplit(self.url)
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        return target, self.body, headers


class Exchange:
    """One request and its answer on one connection; `abort` may be called from any thread.

    From the first `send` on, all of it takes `total_seconds` at most, however slowly the server drips.
    All that is sent or read raises OSError, http.client.HTTPException, or ValueError for an address or a
    header that cannot be sent.
    """

    def __init__(self, connections: Connections, total_seconds: float) -> None:
        self.aborted = False
        self.connected = False
        self._total_seconds = total_seconds
        self._deadline: float | None = None
        self._connections = connections
        self._origin: Origin | None = None
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._connection: http.client.HTTPConnection | None = None
        self._response: http.client.HTTPResponse | None = None
        self._body: Body = SizedBody(0)
        self._behind_headers: io.BufferedReader | None = None  # holds what came along with them

    def send(
        self, request: Request, connect_seconds: float, answer_seconds: float
    ) -> http.client.HTTPResponse:
        """The response, once its headers are there."""
        if self._deadline is None:
            self._deadline = time.monotonic() + self._total_seconds
        origin = self._origin = Origin.of(request.url)
        if idle := self._connections.take(origin):
            try:
                return self._ask(request, idle, answer_seconds)
            except ConnectionError:
                # The server closed the idle connection while the request was on its way: ask on a new one.
                self.finish()
                if self.aborted:
                    raise
        connection = origin.connect(min(connect_seconds, _left(self._deadline)))
        return self._ask(request, connection, answer_seconds)

    def _ask(
        self, request: Request, connection: http.client.HTTPConnection, answer_seconds: float
    ) -> http.client.HTTPResponse:
        self._hold(connection)
        until, sock = self._until(answer_seconds), connection.sock
        sock.settimeout(_left(until))
        connection.response_class = _Response.by(until, [])
        connection.request(request.method, *request.as_sent())
        response = self._response = connection.getresponse()
        self._body = ChunkedBody() if response.chunked else SizedBody(response.length)
        self._behind_headers = response.fp
        sock.settimeout(0)
        return response

    def arrived(self) -> bytes | None:
        """All that has arrived of the body; None where nothing has, empty at its end. Does not wait."""
        while not self._body.complete:
            raw = self._received()
            if raw is None:
                return None
            if not raw:
                return self._ended()
            if content := self._body.feed(raw):
                return content
        return b""

    def read(self, timeout_seconds: float) -> bytes:
        """The same, waiting for at least one byte."""
        until = self._until(timeout_seconds)
        while (content := self.arrived()) is None:
            assert self._socket is not None
            readable = select.poll()
            readable.register(self._socket, select.POLLIN)
            readable.poll(_left(until) * 1000)
        return content

    def _ended(self) -> bytes:
        """Nothing, where the end of the connection is that of the body."""
        if self._response is None or self._response.chunked or self._response.length is not None:
            raise ConnectionResetError("the connection ended inside the body")
        self._body.complete = True
        return b""

    def _until(self, seconds: float) -> float:
        """So long from now, or the end of the time for all, whichever comes first."""
        assert self._deadline is not None
        return min(time.monotonic() + seconds, self._deadline)

    def _received(self) -> bytes | None:
        assert self._socket is not None and self._deadline is not None
        _left(self._deadline)
        behind_headers, self._behind_headers = self._behind_headers, None
        with contextlib.suppress(*NOTHING_YET):
            if behind_headers and (raw := behind_headers.read1(READ_BYTES)):
                return raw
        return _received(self._socket)

    def _hold(self, connection: http.client.HTTPConnection) -> None:
        with self._lock:
            self._connection, self._socket, self.connected = connection, connection.sock, True
            if self.aborted:
                _shut(self._socket)

    def abort(self) -> None:
        """End the connection now: a read that waits in another thread returns or raises at once."""
        with self._lock:
            self.aborted = True
            if self._socket is not None:
                _shut(self._socket)

    def finish(self) -> None:
        """Leave the connection to the next exchange when the body was read to its end, else close it."""
        with self._lock:
            connection, self._connection, self._socket = self._connection, None, None
        response, self._response = self._response, None
        if connection is None:
            return
        reusable = response is not None and self._reusable(response)
        if response is not None:
            response.close()  # with « Connection: close » it holds the socket, not the connection
        if reusable and self._origin:
            self._connections.give_back(self._origin, connection)
        else:
            connection.close()

    def _reusable(self, response: http.client.HTTPResponse) -> bool:
        if self.aborted or response.will_close or self._behind_headers:  # nobody has looked into it
            return False
        return self._body.complete and not self._body.has_unread


def _received(sock: socket.socket) -> bytes | None:
    """What has come to a socket that does not wait: None for nothing, empty when the connection has ended."""
    try:
        raw = sock.recv(READ_BYTES)
    except NOTHING_YET:
        return None
    if isinstance(sock, ssl.SSLSocket):
        # One read of TLS is one record, that is often one token: take those that wait behind it along.
        with contextlib.suppress(OSError):  # nothing more for now, or an error that the next read meets again
            while len(raw) < READ_BYTES and (more := sock.recv(READ_BYTES)):
                raw += more
    return raw


def _shut(sock: socket.socket) -> None:
    """End both directions; closing alone would leave a read in another thread waiting."""
    with contextlib.suppress(OSError):
        # The plain method: that of a TLS socket would first forget the session the reader is using.
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
