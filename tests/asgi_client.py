"""An ASGI server in miniature: calls an application with the messages of one request."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

DISCONNECT: dict[str, Any] = {"type": "http.disconnect"}


def body_message(body: bytes = b"", *, more_body: bool = False) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more_body}


def http_scope(
    method: str, path: str, headers: dict[str, str] | None = None, **others: Any
) -> dict[str, Any]:
    named = {"host": "localhost", **(headers or {})}
    encoded = [(name.encode(), value.encode()) for name, value in named.items()]
    return {"type": "http", "method": method, "path": path, "query_string": b"", "headers": encoded, **others}


@dataclass
class Exchange:
    """One request: the messages that the application receives, and those that it has sent.

    After the last message it waits, as a server does whose client neither sends nor leaves.
    """

    incoming: Sequence[dict[str, Any]] = (body_message(),)
    sent: list[dict[str, Any]] = field(default_factory=list)
    disconnected: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self._left = iter(self.incoming)
        self._has_sent = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        if message := next(self._left, None):
            return message
        await self.disconnected.wait()
        return DISCONNECT

    async def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)
        self._has_sent.set()
        await asyncio.sleep(0)

    async def until_sent(self, messages: int) -> None:
        while len(self.sent) < messages:
            self._has_sent.clear()
            await self._has_sent.wait()

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode().lower(): value.decode() for name, value in self.sent[0]["headers"]}

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent[1:])


Application = Callable[..., Awaitable[None]]


def respond(
    application: Application, scope: dict[str, Any], incoming: Sequence[dict[str, Any]] = (body_message(),)
) -> Exchange:
    """The whole exchange of one request, in an event loop of its own."""

    async def run() -> Exchange:
        exchange = Exchange(incoming)
        async with asyncio.timeout(10):
            await application(scope, exchange.receive, exchange.send)
        return exchange

    return asyncio.run(run())
