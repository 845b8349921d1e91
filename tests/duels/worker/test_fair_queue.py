"""In front of a slow server questions take turns; in front of a fast one nobody waits."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

import pytest

from duels.worker.fair_queue import FairQueue, Parties
from tests import virtual_time

FEWEST = 2
LONG_SECONDS = 1_000


def asked_by(**parties: float) -> Callable[[], Awaitable[Parties]]:
    async def asked() -> Parties:
        return parties

    return asked


class Server:
    """Writes the first words of so many questions at once, each after a second."""

    def __init__(self, at_once: int, seconds: float = 1.0) -> None:
        self.queue = FairQueue(FEWEST)
        self.begun: list[str] = []
        self._slots = asyncio.Semaphore(at_once)
        self.seconds = seconds

    async def ask(self, name: str, most_seconds: float = LONG_SECONDS, **parties: float) -> float:
        """The seconds until the first word."""
        loop = asyncio.get_running_loop()
        asked_at = loop.time()
        question = await self.queue.take_turn(asked_by(**parties or {name: 1.0}), most_seconds)
        async with self._slots:
            await asyncio.sleep(self.seconds)
        question.begin()
        question.close()
        self.begun.append(name)
        return loop.time() - asked_at


async def many(server: Server, name: str, count: int, **parties: float) -> list[asyncio.Task[float]]:
    tasks = [asyncio.create_task(server.ask(name, **parties)) for _ in range(count)]
    await asyncio.sleep(0.1)
    return tasks


@pytest.mark.parametrize("earlier", [0, 30], ids=["a new server", "a server known to be slow"])
def test_a_question_does_not_wait_behind_sixty_of_another_visitor(earlier: int) -> None:
    async def scenario() -> float:
        server = Server(at_once=1)
        await asyncio.gather(*await many(server, "before", earlier))
        greedy = await many(server, "greedy", 60)
        waited = await server.ask("honest")
        await asyncio.gather(*greedy)
        return waited

    assert virtual_time.run(scenario()) <= 2 * FEWEST + 3  # of 61 seconds


def test_sixty_visitors_of_one_address_hold_back_no_visitor_of_another() -> None:
    async def scenario() -> float:
        server = Server(at_once=1)
        crowd = [
            asyncio.create_task(server.ask("crowd", **{f"visitor {number}": 1.0, "address": 1 / 8}))
            for number in range(60)
        ]
        await asyncio.sleep(10)
        waited = await server.ask("honest", **{"visitor": 1.0, "other address": 1 / 8})
        await asyncio.gather(*crowd)
        return waited

    assert virtual_time.run(scenario()) <= 2 * FEWEST + 3


def test_visitors_who_wait_are_answered_in_turn() -> None:
    async def scenario() -> list[str]:
        server = Server(at_once=1)
        tasks = [task for name in ("x", "a", "b", "c") for task in await many(server, name, 10)]
        await asyncio.gather(*tasks)
        return server.begun

    begun = virtual_time.run(scenario())
    assert len(begun) == 40
    assert all(Counter(begun[10 : 10 + 3 * n])[name] >= n - 2 for n in range(1, 10) for name in "abc")


def test_a_fast_server_gets_a_class_within_three_rounds_and_the_next_at_once() -> None:
    async def scenario() -> tuple[float, float]:
        server = Server(at_once=100)
        first = await asyncio.gather(*await many(server, "first class", 30))
        second = await asyncio.gather(*await many(server, "second class", 30))
        return max(first), max(second)

    first, second = virtual_time.run(scenario())
    assert first <= 4.0
    assert second <= 1.1


def test_a_server_that_has_become_slower_for_good_is_used_as_before() -> None:
    async def scenario() -> float:
        server = Server(at_once=100, seconds=0.2)
        await asyncio.gather(*await many(server, "before", 60))
        server.seconds = 3.0
        for _ in range(5):
            await asyncio.gather(*await many(server, "later", 30))
        return server.queue.most_sent

    assert virtual_time.run(scenario()) > 30


def test_who_waits_too_long_or_stops_leaves_the_queue_as_it_was() -> None:
    async def scenario() -> int:
        server = Server(at_once=1)
        greedy = await many(server, "greedy", 2 * FEWEST)
        with pytest.raises(TimeoutError):
            await server.ask("impatient", most_seconds=0.5)
        stopped = asyncio.create_task(server.ask("stopped"))
        await asyncio.sleep(0.1)
        stopped.cancel()
        await asyncio.gather(*greedy)
        assert await server.ask("last") == 1
        assert set(server.begun) == {"greedy", "last"}
        return server.queue.sent

    assert virtual_time.run(scenario()) == 0
