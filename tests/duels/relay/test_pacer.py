"""Both sides show their text at one pace, together, and all of it."""

import asyncio
from collections.abc import Callable

import pytest

from duels.relay.pacer import SPEED_UP_CHARACTERS, START_TOGETHER_SECONDS, PacedText, Pacer, StartLine

FAST = 100_000.0  # characters per second: the text is out after one period


def on_a_loop(use: Callable[[], None]) -> None:
    """Run code that schedules text, without giving the pacer's own task a turn."""

    async def run() -> None:
        use()

    asyncio.run(run())


def test_a_burst_is_spread_out_and_what_is_not_used_is_not_saved() -> None:
    def use() -> None:
        shown: list[str] = []
        text = Pacer(45.0).open(shown.append, StartLine(1))
        text.add("x" * 25)
        assert text.release(10, 0)
        assert text.release(10, 1)
        assert not text.release(10, 2)
        assert not text.release(10, 3)  # nothing waits: this allowance is lost
        text.add("y" * 25)
        assert text.release(10, 4)
        assert [len(piece) for piece in shown] == [10, 10, 5, 10]

    on_a_loop(use)


def test_the_first_side_waits_for_the_other_but_not_for_long() -> None:
    def use() -> None:
        def sides() -> tuple[list[str], PacedText, PacedText]:
            shown: list[str] = []
            pacer, line = Pacer(45.0), StartLine(2)
            return shown, pacer.open(shown.append, line), pacer.open(shown.append, line)

        shown, quick, slow = sides()
        quick.add("rapide")
        now = asyncio.get_running_loop().time()
        assert quick.release(10, now)
        assert shown == []
        slow.add("lente")
        assert not (quick.release(10, now) or slow.release(10, now))
        assert shown == ["rapide", "lente"]
        shown, quick, slow = sides()
        quick.add("seule")
        assert not quick.release(10, now + START_TOGETHER_SECONDS + 1)
        assert shown == ["seule"]
        shown, quick, slow = sides()
        quick.add("l’autre a échoué")
        slow.close()
        assert not quick.release(100, now)

    on_a_loop(use)


def test_a_text_that_is_sent_again_catches_up_at_once() -> None:
    def use() -> None:
        shown: list[str] = []
        text = Pacer(45.0).open(shown.append, StartLine(1))
        text.add("réflexion, puis réponse")
        text.release(10, 0)
        text.restart()
        text.add("réponse")
        assert not text.release(1, 1)
        assert shown[-1] == "réponse"

    on_a_loop(use)


def test_a_long_answer_is_shown_faster_and_faster() -> None:
    def use() -> None:
        shown: list[str] = []
        text = Pacer(45.0).open(shown.append, StartLine(1))
        text.add("x" * 3 * SPEED_UP_CHARACTERS)
        text.release(SPEED_UP_CHARACTERS, 0)
        text.release(10, 1)
        assert len(shown[-1]) == 20

    on_a_loop(use)


@pytest.mark.parametrize("characters_per_second", [0.0, FAST])
def test_all_of_a_text_is_shown_in_order_before_its_end(characters_per_second: float) -> None:
    async def play() -> None:
        shown: list[str] = []
        pacer = Pacer(characters_per_second)
        text = pacer.open(shown.append, StartLine(1))
        for number in range(50):
            text.add(f"{number} ")
        await text.drain()
        assert "".join(shown) == "".join(f"{number} " for number in range(50))
        await pacer.close()

    asyncio.run(play())


def test_nothing_is_shown_of_an_answer_that_was_stopped() -> None:
    async def play() -> None:
        shown: list[str] = []
        pacer = Pacer(FAST)
        stopped, other = (pacer.open(shown.append, StartLine(1)) for _ in range(2))
        stopped.add("trop tard")
        stopped.close()
        other.add("suite")
        await other.drain()
        assert shown == ["suite"]

    asyncio.run(play())
