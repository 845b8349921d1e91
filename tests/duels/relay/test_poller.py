"""One thread reads every answer: in order, to its end or its failure, none for long at the others' cost."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from duels.relay.poller import BEATS, LONGEST_REST_SECONDS, Poller, next_beat, rest_seconds

KEY = "duel:essai:1"


def words(*said: str | None) -> Iterator[str | None]:
    yield from said


def test_every_item_is_handed_over_in_order_and_the_thread_is_one() -> None:
    poller = Poller()
    taken: dict[str, list[tuple[str, str]]] = {side: [] for side in "abcd"}

    def follow(side: str) -> None:
        said = words("un", None, "deux", "trois", None, None, "quatre")
        poller.follow(KEY + side, said, lambda item: taken[side].append((item, thread_name())))

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
        broken = at_once.submit(poller.follow, KEY, breaks(), str)
        taken: list[str] = []
        poller.follow(KEY, words("un", *[None] * 3, "deux"), taken.append)
        with pytest.raises(ConnectionResetError, match="cut"):
            broken.result()
    assert taken == ["un", "deux"]


def test_an_answer_that_comes_after_all_have_ended_is_read_too() -> None:
    poller = Poller()
    for _ in range(3):
        taken: list[str] = []
        poller.follow(KEY, words("un", None, "deux"), taken.append)
        assert taken == ["un", "deux"]


def test_nobody_reads_while_there_is_nothing_to_read() -> None:
    poller = Poller()
    poller.follow(KEY, words("un", None), str)
    before = time.process_time()
    time.sleep(0.2)
    assert time.process_time() - before < 0.1


def test_what_has_the_same_key_is_read_at_the_same_moments_and_keys_are_spread() -> None:
    moments = {next_beat(KEY, 0.1, now) * 10 % 1 for now in (5.0, 5.03, 5.099, 7.77)}
    assert max(moments) - min(moments) < 1e-6
    waits = [next_beat(KEY, 0.1, now / 1000) - now / 1000 for now in range(300)]
    assert -1e-6 < min(waits) < max(waits) < 0.1 + 1e-6
    turns = {round(next_beat(f"duel:{number}:1", 0.1, 5.0), 4) for number in range(100)}
    assert len(turns) == BEATS


def test_the_more_answers_the_longer_each_may_gather() -> None:
    assert rest_seconds(1) == 0.04
    assert rest_seconds(200) == pytest.approx(0.1)
    assert rest_seconds(100_000) == LONGEST_REST_SECONDS
