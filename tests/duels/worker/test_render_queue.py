"""Answers that are read together are rendered together, each once."""

import asyncio

import pytest

from duels.worker.render_queue import RenderQueue


class Recorded:
    """An answer that notes when it is rendered."""

    def __init__(self, name: str, log: list[str], *, breaks: bool = False) -> None:
        self._name, self._log, self._breaks = name, log, breaks

    def render_ended(self) -> None:
        self._log.append(f"rendered {self._name}")
        if self._breaks:
            raise ZeroDivisionError


def test_answers_are_rendered_once_all_of_them_are_read() -> None:
    log: list[str] = []

    async def read(queue: RenderQueue, answer: Recorded) -> None:
        log.append("read")
        queue.schedule(answer)
        queue.schedule(answer)

    async def run() -> None:
        queue = RenderQueue()
        await asyncio.gather(*(read(queue, Recorded(name, log)) for name in "ab"))
        await asyncio.sleep(0)

    asyncio.run(run())
    assert log == ["read", "read", "rendered a", "rendered b"]


def test_an_answer_whose_end_is_rendered_is_not_rendered_again() -> None:
    log: list[str] = []

    async def run() -> None:
        queue, first, second = RenderQueue(), Recorded("a", log), Recorded("b", log)
        queue.schedule(first)
        queue.schedule(second)
        queue.discard(first)
        queue.discard(Recorded("c", log))
        await asyncio.sleep(0)

    asyncio.run(run())
    assert log == ["rendered b"]


def test_one_that_breaks_takes_nothing_from_the_others(caplog: pytest.LogCaptureFixture) -> None:
    log: list[str] = []

    async def run() -> None:
        queue = RenderQueue()
        for answer in (Recorded("a", log, breaks=True), Recorded("b", log)):
            queue.schedule(answer)
        await asyncio.sleep(0.01)

    asyncio.run(run())
    assert log == ["rendered a", "rendered b"]
    assert "ZeroDivisionError" in caplog.text
