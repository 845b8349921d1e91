"""At most so many requests to one address are inside at once; the others wait, and not for ever."""

import asyncio
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from conso_duel.middleware.concurrency_limit import ConcurrencyLimit
from tests.asgi_client import DISCONNECT, Exchange, body_message, http_scope

MAX_WAIT_SECONDS = 0.05


class SlowPages:
    """An application whose responses begin when they are let go; it counts the requests inside."""

    def __init__(self) -> None:
        self.inside = 0
        self.may_respond = asyncio.Event()
        self.third_came = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        while (message := await receive()).get("more_body"):
            pass
        if message == DISCONNECT:
            return
        self.inside += 1
        if self.inside == 3:
            self.third_came.set()
        await self.may_respond.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body"})


class Rush:
    """Requests to SlowPages behind a limit of two."""

    def __init__(self, max_wait_seconds: float = 60) -> None:
        self.pages = SlowPages()
        self.limit = ConcurrencyLimit(self.pages, path="/duels/", limit=2, max_wait_seconds=max_wait_seconds)
        self.exchanges: list[Exchange] = []
        self._tasks: list[asyncio.Task[None]] = []

    async def send(self, scope: dict[str, Any], *incoming: dict[str, Any]) -> None:
        """Start one request, and let it come as far as it can."""
        exchange = Exchange(incoming or (body_message(),))
        self.exchanges.append(exchange)
        calling = self.limit(scope, exchange.receive, exchange.send)
        self._tasks.append(asyncio.create_task(calling))  # type: ignore[arg-type]
        for _ in range(10):
            await asyncio.sleep(0)

    async def finish(self) -> list[int]:
        """The statuses of all the responses."""
        self.pages.may_respond.set()
        async with asyncio.timeout(10):
            await asyncio.gather(*self._tasks)
        return [exchange.status for exchange in self.exchanges if exchange.sent]


NEW_DUEL = http_scope("POST", "/duels/")


def test_a_third_new_duel_waits_until_one_has_its_response() -> None:
    async def run() -> None:
        rush = Rush()
        for _ in range(3):
            await rush.send(NEW_DUEL)
        assert rush.pages.inside == 2
        assert await rush.finish() == [200, 200, 200]
        assert rush.pages.inside == 3

    asyncio.run(run())


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/duels/"), ("HEAD", "/duels/"), ("POST", "/duels/abc/vote/"), ("GET", "/")]
)
def test_other_requests_pass_by(method: str, path: str) -> None:
    async def run() -> None:
        rush = Rush()
        for _ in range(3):
            await rush.send(NEW_DUEL)
        await rush.send(http_scope(method, path))
        assert rush.pages.inside == 3
        await rush.finish()

    asyncio.run(run())


def test_whoever_has_waited_long_enough_goes_in() -> None:
    async def run() -> None:
        rush = Rush(MAX_WAIT_SECONDS)
        for _ in range(3):
            await rush.send(NEW_DUEL)
        assert rush.pages.inside == 2
        async with asyncio.timeout(10):
            await rush.pages.third_came.wait()
        assert await rush.finish() == [200, 200, 200]

    asyncio.run(run())


def test_a_slot_that_was_not_taken_is_not_freed() -> None:
    async def run() -> None:
        rush = Rush(MAX_WAIT_SECONDS)
        for _ in range(3):
            await rush.send(NEW_DUEL)
        await rush.finish()
        rush.pages.may_respond.clear()
        for _ in range(3):
            await rush.send(NEW_DUEL)
        assert rush.pages.inside == 5
        await rush.finish()

    asyncio.run(run())


def test_a_slow_body_holds_no_slot() -> None:
    async def run() -> None:
        rush = Rush()
        for _ in range(2):
            await rush.send(NEW_DUEL, body_message(b"pro", more_body=True))
        for _ in range(2):
            await rush.send(NEW_DUEL, body_message(b"pro", more_body=True), body_message(b"mpt"))
        assert rush.pages.inside == 2
        for exchange in rush.exchanges[:2]:
            exchange.disconnected.set()
        assert await rush.finish() == [200, 200]

    asyncio.run(run())


def test_an_error_frees_the_slot() -> None:
    async def fail(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        raise RuntimeError

    async def run() -> None:
        limit = ConcurrencyLimit(fail, path="/duels/", limit=1, max_wait_seconds=60)
        for _ in range(3):
            exchange = Exchange()
            with pytest.raises(RuntimeError):
                async with asyncio.timeout(10):
                    await limit(NEW_DUEL, exchange.receive, exchange.send)

    asyncio.run(run())


@pytest.mark.parametrize("by_setting", [False, True])
def test_the_limit_holds_under_a_prefix(settings: Settings, *, by_setting: bool) -> None:
    settings.FORCE_SCRIPT_NAME = "/under" if by_setting else None
    scope = http_scope("POST", "/under/duels/", root_path="" if by_setting else "/under")

    async def run() -> None:
        rush = Rush()
        for _ in range(3):
            await rush.send(scope)
        assert rush.pages.inside == 2
        await rush.finish()

    asyncio.run(run())


def test_what_is_not_http_passes_by() -> None:
    async def run() -> None:
        rush = Rush()
        await rush.send({"type": "lifespan"}, {"type": "lifespan.startup"})
        assert rush.pages.inside == 1
        await rush.finish()

    asyncio.run(run())
