"""All answers are read at the same moments, the rarer the more they are."""

import asyncio
from contextlib import ExitStack, nullcontext
from itertools import pairwise

import pytest
import uvloop

from duels.relay.read_clock import MAX_PERIOD_SECONDS, PERIOD_SECONDS, ReadClock, period_seconds
from tests import virtual_time


def test_the_more_answers_the_longer_the_period() -> None:
    assert period_seconds(1) == 0.05
    assert period_seconds(200) == pytest.approx(0.106)
    assert period_seconds(100_000) == MAX_PERIOD_SECONDS


def test_answers_are_counted_while_they_are_read() -> None:
    clock = ReadClock()
    with clock.reading(), clock.reading():
        assert clock.answers == 2
    assert clock.answers == 0


def test_all_wait_for_the_same_moments_which_are_a_period_apart() -> None:
    moments: list[list[float]] = [[], [], []]

    async def read(clock: ReadClock, number: int) -> None:
        await asyncio.sleep(0.013 * number)
        for _ in range(4):
            await clock.tick()
            moments[number].append(asyncio.get_running_loop().time())

    async def run() -> None:
        clock = ReadClock()
        async with asyncio.TaskGroup() as group:
            for number in range(3):
                group.create_task(read(clock, number))

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())
    for own in moments:
        assert all(later - earlier >= PERIOD_SECONDS / 4 for earlier, later in pairwise(own))
    # By the end, those that began at different moments are read together.
    assert max(own[-1] for own in moments) - min(own[-1] for own in moments) < 2 * PERIOD_SECONDS


def test_answers_that_begin_and_end_bring_no_other_a_read_more_nor_a_longer_wait() -> None:
    async def run() -> list[float]:
        clock, moments = ReadClock(), []
        with ExitStack() as running:
            for _ in range(200):
                running.enter_context(clock.reading())
            for count in range(100):
                with clock.reading() if count % 2 else nullcontext():
                    await clock.tick()
                    moments.append(asyncio.get_running_loop().time())
        return moments

    waits = [later - earlier for earlier, later in pairwise(virtual_time.run(run()))]
    assert min(waits) == pytest.approx(period_seconds(200))
    assert max(waits) == pytest.approx(period_seconds(201))
