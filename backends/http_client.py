"""The HTTP client of the models' servers: aiohttp, with our rules for proxies, redirects and time limits.

aiohttp, not httpx: read at a period, 100 streams of 50 tokens per second take 0.034 CPU-seconds per 1,000
tokens, against 0.06 with httpx.
"""

import asyncio
import functools
import socket
import ssl
import urllib.request
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Self

import aiohttp
import certifi
from aiohttp import AddrInfoType
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from backends.addresses import AddressRule, ForbiddenAddress, is_ip_address
from backends.base import Pause
from backends.content_decoder import ContentDecoder

IDLE_SECONDS = 15.0  # how long an idle connection stays open for the next answer
SOCKET_BUFFER_BYTES = 2**16
READ_BUFFER_BYTES = 2**18  # reading from the socket pauses at twice as much
REDIRECT_STATUSES = (301, 302, 303, 307, 308)
MAX_REDIRECTS = 5
KEY_HEADER = "Authorization"
# Not the loop's: uvloop has two threads for lookups, and asyncio.run waits for those of its own executor.
lookups = ThreadPoolExecutor(32, thread_name_prefix="dns")


class RedirectError(aiohttp.ClientError):
    """A redirect that is not followed; `address` is where it leads, empty for no address."""

    def __init__(self, message: str, address: str = "") -> None:
        super().__init__(message)
        self.address = address


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(default=None, repr=False)


class HTTPClient:
    """A pool of connections for the event loop in which it is made; use as an async context manager.

    Nothing is sent twice: aiohttp repeats GET on a reused connection that turns out to be closed, never POST.
    Each connection is judged by the address that it is made to. Those that carry a key without TLS and those
    to a proxy have rules of their own, hence a pool of their own: no reused connection serves another rule.
    allows_private: whether models may answer from this machine and from private networks.
    """

    def __init__(self, *, allows_private: bool = True) -> None:
        self._rule = AddressRule(allows_private=allows_private)
        self._session = _session(self._rule)
        self._plain_key_session = _session(AddressRule(allows_public=False, allows_private=allows_private))
        self._proxy_session = _session(None)

    async def send(self, request: Request, connect_seconds: float) -> aiohttp.ClientResponse:
        """The response, once its headers have arrived; the caller closes it.

        Redirects are followed with the same method and body; the key is never sent to another host.
        connect_seconds: limit for the DNS lookup, the connection, a proxy's tunnel and TLS together.
        Raises aiohttp.ClientError, OSError, or ValueError for an address or header that cannot be sent.
        """
        timeout = aiohttp.ClientTimeout(total=None, connect=connect_seconds)
        for _ in range(MAX_REDIRECTS + 1):
            url = URL(request.url)
            proxy = proxy_for(url)
            response = await self._session_for(request, url, proxy).request(
                request.method,
                url,
                headers=request.headers,
                data=request.body,
                allow_redirects=False,
                proxy=proxy,
                timeout=timeout,
            )
            location = response.headers.get("Location")
            if response.status not in REDIRECT_STATUSES or not location:
                return response
            response.release()
            request = redirected(request, location)
        raise RedirectError(f"more than {MAX_REDIRECTS} redirects, the last to {request.url}", request.url)

    def _session_for(self, request: Request, url: URL, proxy: URL | None) -> aiohttp.ClientSession:
        """The pool whose rule holds for this request; raises ForbiddenAddress for one that none may send.

        A proxy looks names up by itself: only an address that is written out can be judged here.
        """
        has_plain_key = url.scheme == "http" and KEY_HEADER in request.headers
        if proxy is None:
            return self._plain_key_session if has_plain_key else self._session
        if has_plain_key:
            raise ForbiddenAddress(f"a key goes to {url.host} by https only, since a proxy stands before it")
        if is_ip_address(url.host or ""):
            self._rule.check(url.host or "")
        return self._proxy_session

    async def close(self) -> None:
        for session in (self._session, self._plain_key_session, self._proxy_session):
            await session.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


def redirected(request: Request, location: str) -> Request:
    """The same request to another address; raises RedirectError for one that must not be followed."""
    here = URL(request.url)
    try:
        there = here.join(URL(location))
    except ValueError as error:
        raise RedirectError(f"redirected to no address: {location}") from error
    if there.scheme not in ("http", "https") or (here.scheme, there.scheme) == ("https", "http"):
        raise RedirectError(f"redirected to {there}, which is not followed", str(there))
    headers = dict(request.headers)
    if not _is_same_server(here, there):
        headers.pop(KEY_HEADER, None)
    return replace(request, url=str(there), headers=headers)


def _is_same_server(here: URL, there: URL) -> bool:
    """Whether both have the same origin, or one is the TLS side of the other on the usual ports."""
    upgraded = (here.scheme, here.port, there.scheme, there.port) == ("http", 80, "https", 443)
    return here.host == there.host and (here.origin() == there.origin() or upgraded)


def proxy_for(url: URL) -> URL | None:
    """The proxy named by HTTP_PROXY or HTTPS_PROXY; none for this machine and what NO_PROXY lists.

    Not aiohttp's trust_env: it sends requests for this machine to the proxy, and reads ~/.netrc.
    """
    host = url.host or ""
    if is_this_machine(host) or urllib.request.proxy_bypass(host):
        return None
    proxy = urllib.request.getproxies().get(url.scheme)
    return URL(proxy if "//" in proxy else f"http://{proxy}") if proxy else None


def _session(rule: AddressRule | None) -> aiohttp.ClientSession:
    """A pool of connections to the addresses that the rule allows; None allows all."""
    connector = aiohttp.TCPConnector(
        limit=0,
        ssl=tls_context(),
        resolver=Resolver(),
        keepalive_timeout=IDLE_SECONDS,
        socket_factory=functools.partial(make_socket, rule),
    )
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        read_bufsize=READ_BUFFER_BYTES,
        auto_decompress=False,  # it believes the label: content_decoder.py does not
    )


def make_socket(rule: AddressRule | None, address: AddrInfoType) -> socket.socket:
    """A socket for an address that the rule allows; raises ForbiddenAddress for any other.

    The check is made here because each connection comes through here with the address it is made to, whether
    a lookup, a redirect or the request itself gave it.
    The kernel buffer never fills the 256 kB for which uvloop reads again without a pause: without it, a
    server that sends headers without end holds up all other answers: 9 s were measured.
    """
    family, kind, protocol, _, destination = address
    if rule is not None:
        rule.check(str(destination[0]))
    made = socket.socket(family, kind, protocol)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SOCKET_BUFFER_BYTES)
    return made


def is_this_machine(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")


@functools.cache
def tls_context() -> ssl.SSLContext:
    """The system's authorities (a company's own among them) and certifi's, for systems that have none."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


class Resolver(AbstractResolver):
    """DNS lookups by the system, in threads of our own: one that hangs holds up no other."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        flags = socket.AI_ADDRCONFIG
        found = await loop.run_in_executor(
            lookups, socket.getaddrinfo, host, port, family, socket.SOCK_STREAM, 0, flags
        )
        return [
            ResolveResult(
                hostname=host,
                host=str(address[0]),
                port=port,
                family=kind,
                proto=protocol,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for kind, _, protocol, _, address in found
        ]

    async def close(self) -> None:
        """Nothing to close."""


class Body:
    """The body of a response, decompressed, read at a period.

    Between two reads the kernel collects what arrives: with 100 streams of 50 tokens per second, receiving
    them at once instead of one by one costs 0.014 CPU-seconds per 1,000 tokens instead of 0.019.
    """

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response
        self._content = response.content
        self._decoder = ContentDecoder(response.headers.get("Content-Encoding", ""))
        self._is_flowing = False  # whether the last read found anything

    async def wait(self, pause: Pause) -> None:
        """Let `pause` pass, then receive what has arrived.

        A body that does not flow is received during the pause as well: some event loops need longer than one
        turn to receive.
        """
        connection = self._response.connection
        transport = connection.transport if connection else None
        if transport is None or not self._is_flowing:
            await pause()
            return
        transport.pause_reading()
        await pause()
        transport.resume_reading()
        await asyncio.sleep(0)  # a turn of the loop

    @property
    def is_complete(self) -> bool:
        """Whether the whole body has been read."""
        return self._content.at_eof() and self._decoder.is_empty

    def read_available(self) -> bytes:
        """The bytes received since the last read; raises aiohttp.ClientError when the connection is lost."""
        data = b"" if self._decoder.has_output else self._read_received()
        return self._decoder.decode(data, is_end=self._content.at_eof())

    def _read_received(self) -> bytes:
        """The bytes as they came.

        aiohttp's reader, once its connection is lost, refuses to give what had arrived before: it is made
        to forget the error for one read.
        """
        error = self._content.exception()
        if error is None:
            data = self._content.read_nowait()
            self._is_flowing = bool(data)
            return data
        self._content.set_exception(None)  # type: ignore[arg-type]
        data = self._content.read_nowait()
        self._content.set_exception(error)
        if not data:
            raise error
        return data
