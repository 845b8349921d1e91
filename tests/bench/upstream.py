"""A model server that costs little CPU: OpenAI's protocol, a known text at a given pace.

The prompt sets the pace: `tokens=200 delay_ms=20 first_ms=100`; with `mute=1` it accepts the request and
never answers, with `blank=1` it writes blank lines alone, with `trailers=1` trailers without end. Run as
`python -m tests.bench.upstream PORT`.
"""

import asyncio
import json
import re
import sys
import time
from typing import cast

import uvloop

from tests.bench.text import token

WISH = re.compile(r"\b(tokens|delay_ms|first_ms|mute|blank|trailers)=(\d+)")
LOOPBACK = "127.0.0.1"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
BACKLOG = 4096


def framed(*events: str) -> bytes:
    """The events as one frame of HTTP/1.1's chunked coding."""
    body = "".join(f"data: {event}\n\n" for event in events).encode()
    return b"%x\r\n%s\r\n" % (len(body), body)


class Answering(asyncio.Protocol):
    """One connection: each request is answered in turn, one write per token."""

    def __init__(self) -> None:
        self._received = b""
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, _: Exception | None) -> None:
        if self._timer:
            self._timer.cancel()

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, _, body = self._received.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
        if length and len(body) >= int(length.group(1)):
            self._received = b""
            self._begin(json.loads(body))

    def _begin(self, asked: dict[str, object]) -> None:
        wishes = {name: int(value) for name, value in WISH.findall(str(asked["messages"]))}
        if wishes.get("mute"):
            return
        self._tokens = wishes.get("tokens", 200)
        self._is_blank, self._has_trailers = "blank" in wishes, "trailers" in wishes
        self._delay_seconds = wishes.get("delay_ms", 20) / 1000
        facts = {"id": "bench", "object": "chat.completion.chunk", "created": int(time.time())}
        self._opening = json.dumps(facts | {"model": asked["model"]})[:-1]
        self._place = 0
        loop = asyncio.get_running_loop()
        self._started = loop.time() + wishes.get("first_ms", 100) / 1000
        self._timer = loop.call_at(self._started, self._tick)

    def _event(self, delta: str, finish: str = "null") -> str:
        choice = f'{{"index": 0, "delta": {delta}, "finish_reason": {finish}}}'
        return f'{self._opening}, "choices": [{choice}]}}'

    def _tick(self) -> None:
        text = json.dumps("\n \n" if self._is_blank else token(self._place), ensure_ascii=False)
        head = b"" if self._place else HEAD
        self._place += 1
        self._transport.write(head + framed(self._event(f'{{"content": {text}}}')))
        if self._place == self._tokens:
            return self._finish()
        due = self._started + self._place * self._delay_seconds
        self._timer = asyncio.get_running_loop().call_at(due, self._tick)

    def _finish(self) -> None:
        usage = {"prompt_tokens": 40, "completion_tokens": self._tokens, "total_tokens": self._tokens + 40}
        counted = f'{self._opening}, "choices": [], "usage": {json.dumps(usage)}}}'
        last = framed(self._event("{}", '"stop"'), counted, "[DONE]") + b"0\r\n"
        self._transport.write(last if self._has_trailers else last + b"\r\n")
        if self._has_trailers:
            self._write_trailers()

    def _write_trailers(self) -> None:
        if not self._transport.is_closing():
            self._transport.write(b"X-Trailer: " + b"a" * 4_000 + b"\r\n")
            self._timer = asyncio.get_running_loop().call_later(0.001, self._write_trailers)


async def serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Answering, LOOPBACK, port, backlog=BACKLOG)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
