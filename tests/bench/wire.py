"""A visitor's connection: one HTTP/1.1 request at a time, cookies, and how many bytes came back."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

import httptools

from tests.bench.upstream import LOOPBACK

READ_BYTES = 65_536


@dataclass(slots=True)
class Response:
    """A response; the body of a stream is read separately."""

    status: int
    headers: dict[str, str]
    body: bytes = b""

    @property
    def text(self) -> str:
        packed = self.headers.get("content-encoding") == "gzip"
        return (gzip.decompress(self.body) if packed else self.body).decode()


@dataclass(slots=True)
class Visit:
    """One browser session, as seen behind a proxy that terminates TLS."""

    port: int
    address: str = LOOPBACK  # from which of this machine it comes
    cookies: dict[str, str] = field(default_factory=dict)
    bytes_in: int = 0
    _reader: asyncio.StreamReader | None = None
    _writer: asyncio.StreamWriter | None = None

    async def get(self, path: str, **headers: str) -> Response:
        return await self._whole(await self._ask("GET", path, headers))

    async def post(self, path: str, fields: Mapping[str, str]) -> Response:
        """A form, sent with the token of the site's cookie."""
        token = {"csrfmiddlewaretoken": self.cookies["__Host-csrftoken"]}
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"https://{LOOPBACK}/"}
        body = urlencode({**fields, **token}).encode()
        return await self._whole(await self._ask("POST", path, headers, body))

    async def stream(self, path: str, body: bytes = b"") -> AsyncIterator[str]:
        """The events of a stream as they come, until it ends; posted when there is a body."""
        method = "POST" if body else "GET"
        response = await self._ask(method, path, {"Accept": "text/event-stream"}, body)
        if response.status != 200:
            raise ConnectionError(f"{path}: {response.status}")
        unread = b""
        async for content in self._pieces(response):
            *events, unread = (unread + content).split(b"\n\n")
            for event in events:
                yield event.decode()

    def close(self) -> None:
        if self._writer:
            self._writer.close()
        self._reader = self._writer = None

    async def _ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> Response:
        if self._writer is None or self._writer.is_closing():
            self._reader, self._writer = await asyncio.open_connection(
                LOOPBACK, self.port, limit=2**20, local_addr=(self.address, 0)
            )
        assert self._reader is not None and self._writer is not None
        sent = {"Host": LOOPBACK, "X-Forwarded-Proto": "https", "Accept-Encoding": "gzip"} | dict(headers)
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body:
            sent["Content-Length"] = str(len(body))
        lines = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
        self._writer.write(f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body)
        head = await self._reader.readuntil(b"\r\n\r\n")
        self.bytes_in += len(head)
        return self._understood(head.decode("latin-1"))

    def _understood(self, head: str) -> Response:
        status, *lines = head.rstrip().split("\r\n")
        pairs = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
        for name, value in pairs:
            if name == "set-cookie":
                cookie, _, held = value.partition(";")[0].partition("=")
                self.cookies[cookie] = held
        return Response(int(status.split()[1]), dict(pairs))

    async def _whole(self, response: Response) -> Response:
        response.body = b"".join([piece async for piece in self._pieces(response)])
        return response

    async def _pieces(self, response: Response) -> AsyncIterator[bytes]:
        assert self._reader is not None
        if "chunked" not in response.headers.get("transfer-encoding", ""):
            body = await self._reader.readexactly(int(response.headers.get("content-length", "0")))
            self.bytes_in += len(body)
            yield body
            return
        body = _ChunkedBody()
        while not body.is_complete:
            raw = await self._reader.read(READ_BYTES)
            if not raw:
                raise ConnectionError("the connection ended inside the body")
            self.bytes_in += len(raw)
            yield body.feed(raw)


class _ChunkedBody:
    """Takes the chunked framing away."""

    def __init__(self) -> None:
        self.is_complete = False
        self._content: list[bytes] = []
        self._parser = httptools.HttpResponseParser(self)
        self._parser.feed_data(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")

    def on_body(self, data: bytes) -> None:
        self._content.append(data)

    def on_message_complete(self) -> None:
        self.is_complete = True

    def feed(self, raw: bytes) -> bytes:
        """The content of the next bytes."""
        self._parser.feed_data(raw)
        content, self._content = b"".join(self._content), []
        return content
