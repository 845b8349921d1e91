"""The floor: two streams to one reader without anything around them, neither database nor queue.

Run as `python -m tests.bench.relay PORT UPSTREAM_PORT`: POST /duels/ with the prompt as body, events back.
"""

import asyncio
import json
import re
import sys
from typing import cast

import uvloop

from tests.bench.upstream import BACKLOG, LOOPBACK

CONTENT = re.compile(rb'"delta": \{"content": ("(?:[^"\\]|\\.)*")\}')
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


class Asking(asyncio.Protocol):
    """One side: sends the request, forwards each token to the reader as an event."""

    def __init__(self, side: str, prompt: str, reader: asyncio.StreamWriter) -> None:
        self._side = side.encode()
        self._prompt = prompt
        self._reader = reader
        self.ended = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        message = {"role": "user", "content": self._prompt}
        body = json.dumps({"model": "bench", "stream": True, "messages": [message]}).encode()
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(b"POST /v1 HTTP/1.1\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    def data_received(self, data: bytes) -> None:
        for literal in CONTENT.findall(data):
            lines = json.loads(literal).encode().replace(b"\n", b"\ndata: ")
            self._send(b"event: %s-chunk\ndata: %s\n\n" % (self._side, lines))
        if b"[DONE]" in data:
            self._send(b"event: %s-done\ndata:\n\n" % self._side)
            self._transport.close()

    def connection_lost(self, _: Exception | None) -> None:
        self.ended.set_result(None)

    def _send(self, event: bytes) -> None:
        self._reader.write(b"%x\r\n%s\r\n" % (len(event), event))


async def relay(upstream_port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One duel."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
    prompt = (await reader.readexactly(int(length.group(1)))).decode() if length else ""
    writer.write(HEAD)
    loop = asyncio.get_running_loop()
    sides = [Asking(side, prompt, writer) for side in "ab"]
    for side in sides:
        await loop.create_connection(lambda side=side: side, LOOPBACK, upstream_port)  # type: ignore[misc]
    await asyncio.gather(*(side.ended for side in sides))
    end = b"event: end\ndata:\n\n"
    writer.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(end), end))
    await writer.drain()
    writer.close()


async def serve(port: int, upstream_port: int) -> None:
    server = await asyncio.start_server(
        lambda reader, writer: relay(upstream_port, reader, writer), LOOPBACK, port, backlog=BACKLOG
    )
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), int(sys.argv[2])))
