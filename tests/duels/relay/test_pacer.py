"""Both sides show their text at one pace, together, and all of it."""

import asyncio
from collections.abc import Callable
from itertools import pairwise

import pytest

from duels.relay.pacer import SPEED_UP_CHARACTERS, START_TOGETHER_SECONDS, PacedText, PacedTurn, Pacer
from tests import virtual_time
from tests.bench import pace

FAST = 100_000.0  # characters per second: the text is out after one period


def on_a_loop(use: Callable[[], None]) -> None:
    """Run code that schedules text, without giving the pacer's own task a turn."""

    async def run() -> None:
        use()

    asyncio.run(run())


def two_sides() -> tuple[PacedTurn, list[list[str]], list[PacedText]]:
    """A turn, what its sides show, and their text."""
    turn, shown, pacer = PacedTurn(2), [[], []], Pacer(45.0)
    return turn, shown, [pacer.open(pieces.append, turn) for pieces in shown]


def now() -> float:
    return asyncio.get_running_loop().time()


def test_a_burst_is_spread_out_and_what_is_not_used_is_not_saved() -> None:
    def use() -> None:
        shown: list[str] = []
        turn = PacedTurn(1)
        text = Pacer(45.0).open(shown.append, turn)
        text.add("x" * 25)
        assert turn.release(10, now())
        assert turn.release(10, now())
        assert not turn.release(10, now())
        assert not turn.release(10, now())  # nothing waits: this allowance is lost
        text.add("y" * 25)
        assert turn.release(10, now())
        assert [len(piece) for piece in shown] == [10, 10, 5, 10]

    on_a_loop(use)


def test_the_first_side_waits_for_the_other_but_not_for_long() -> None:
    def use() -> None:
        turn, shown, (quick, slow) = two_sides()
        quick.add("rapide")
        assert turn.release(10, now())
        assert shown == [[], []]
        slow.add("lente.")
        assert not turn.release(10, now())
        assert shown == [["rapide"], ["lente."]]
        turn, shown, (quick, slow) = two_sides()
        quick.add("seule")
        assert not turn.release(10, now() + START_TOGETHER_SECONDS + 1)
        assert shown == [["seule"], []]
        turn, shown, (quick, slow) = two_sides()
        quick.add("l’autre a échoué")
        slow.close()
        assert not turn.release(100, now())

    on_a_loop(use)


def test_both_sides_show_as_much_while_both_are_written_and_a_stall_holds_them_for_seconds() -> None:
    def use() -> None:
        turn, shown, (quick, slow) = two_sides()
        quick.add("x" * 1000)
        for _ in range(20):
            slow.add("yyyyyy")
            turn.release(12, now())
        assert [len(piece) for piece in shown[0]] == [len(piece) for piece in shown[1]] == [6] * 20
        for _ in range(20):
            turn.release(12, now())
        assert len(shown[0]) == 20
        for _ in range(20):
            turn.release(12, now())
        assert len("".join(shown[0])) == pytest.approx(120 + 20 * 2, abs=2)  # a sixth of the pace

    on_a_loop(use)


def test_after_the_end_of_one_side_the_other_keeps_their_pace_and_speeds_up_slowly() -> None:
    def use() -> None:
        turn, shown, (quick, slow) = two_sides()
        quick.add("x" * 3000)
        for _ in range(20):
            slow.add("yyyyyy")
            turn.release(12, now())
        slow.close()
        for _ in range(60):
            turn.release(12, now())
        alone = [len(piece) for piece in shown[0][20:]]
        assert alone[0] in (5, 6)
        assert 12 <= alone[-1] <= 13
        assert all(late - soon <= 2 for soon, late in pairwise(alone))

    on_a_loop(use)


@pytest.mark.parametrize("pair", ["two small models on one machine", "two small models on a busy machine"])
def test_a_script_tells_two_known_models_apart_by_their_pace_only_where_none_is_set(
    pair: str,
) -> None:
    distinguished = [
        pace.distinguished(virtual_time.run(pace.play(tokens_per_second, pace.PAIRS[pair], duels=200)))
        for tokens_per_second in (0, 45)
    ]
    assert distinguished[0] > 95
    assert distinguished[1] < 65


def test_a_text_that_is_sent_again_catches_up_at_once() -> None:
    def use() -> None:
        shown: list[str] = []
        turn = PacedTurn(1)
        text = Pacer(45.0).open(shown.append, turn)
        text.add("réflexion, puis réponse")
        turn.release(10, now())
        text.restart()
        text.add("réponse")
        assert not turn.release(1, now())
        assert shown[-1] == "réponse"

    on_a_loop(use)


def test_a_long_answer_is_shown_faster_and_faster() -> None:
    def use() -> None:
        shown: list[str] = []
        turn = PacedTurn(1)
        text = Pacer(45.0).open(shown.append, turn)
        text.add("x" * 3 * SPEED_UP_CHARACTERS)
        turn.release(SPEED_UP_CHARACTERS, now())
        turn.release(10, now())
        assert len(shown[-1]) == 20

    on_a_loop(use)


@pytest.mark.parametrize("characters_per_second", [0.0, FAST])
def test_all_of_a_text_is_shown_in_order_before_its_end(characters_per_second: float) -> None:
    async def play() -> None:
        shown: list[str] = []
        pacer = Pacer(characters_per_second)
        text = pacer.open(shown.append, PacedTurn(1))
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
        stopped, other = (pacer.open(shown.append, PacedTurn(1)) for _ in range(2))
        stopped.add("trop tard")
        stopped.close()
        other.add("suite")
        await other.drain()
        assert shown == ["suite"]

    asyncio.run(play())
