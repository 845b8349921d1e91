"""One thread reads every answer: in order, to its end or its failure, none for long at the others' cost."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from duels.relay.poller import LONGEST_PERIOD_SECONDS, Poller, period_seconds


def words(*said: str | None) -> Iterator[str | None]:
    yield from said


def test_every_item_is_handed_over_in_order_and_the_thread_is_one() -> None:
    poller = Poller()
    taken: dict[str, list[tuple[str, str]]] = {side: [] for side in "abcd"}

    def follow(side: str) -> None:
        said = words("un", None, "deux", "trois", None, None, "quatre")
        poller.follow(said, lambda item: taken[side].append((item, thread_name())))

    with ThreadPoolExecutor() as at_once:
        list(at_once.map(follow, taken))
    for items in taken.values():
        assert [item for item, _ in items] == ["un", "deux", "trois", "quatre"]
        assert [thread for _, thread in items[1:]] == ["poller"] * 3
        assert items[0][1] != "poller"  # the first may have to be waited for


def thread_name() -> str:
    return threading.current_thread().name


def test_what_reading_raises_reaches_who_follows_and_nobody_else() -> None:
    poller = Poller()

    def breaks() -> Iterator[str | None]:
        yield from ("un", None)
        raise ConnectionResetError("cut")

    with ThreadPoolExecutor() as at_once:
        broken = at_once.submit(poller.follow, breaks(), str)
        taken: list[str] = []
        poller.follow(words("un", *[None] * 3, "deux"), taken.append)
        with pytest.raises(ConnectionResetError, match="cut"):
            broken.result()
    assert taken == ["un", "deux"]


def test_an_answer_that_comes_after_all_have_ended_is_read_too() -> None:
    poller = Poller()
    for _ in range(3):
        taken: list[str] = []
        poller.follow(words("un", None, "deux"), taken.append)
        assert taken == ["un", "deux"]


def test_nobody_reads_while_there_is_nothing_to_read() -> None:
    poller = Poller()
    poller.follow(words("un", None), str)
    before = time.process_time()
    time.sleep(0.2)
    assert time.process_time() - before < 0.1


def test_all_are_read_one_after_the_other() -> None:
    poller = Poller()
    present: set[int] = set()
    heard: list[int] = []

    def says(number: int) -> Iterator[int | None]:
        present.add(number)
        while len(present) < 3:
            yield None
        for _ in range(5):
            yield None
            yield number

    with ThreadPoolExecutor() as at_once:
        list(at_once.map(lambda number: poller.follow(says(number), heard.append), range(3)))
    assert len(heard) == 15
    assert all(len(set(heard[place : place + 3])) == 3 for place in range(13))


def test_the_more_answers_the_longer_each_may_gather() -> None:
    assert period_seconds(1) == 0.04
    assert period_seconds(200) == pytest.approx(0.12)
    assert period_seconds(100_000) == LONGEST_PERIOD_SECONDS
