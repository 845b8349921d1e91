"""A turn is claimed once, with all that its worker needs."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from duels.models import Answer, Turn
from duels.worker import claims
from duels.worker.claims import claim_turn


def test_each_claimed_answer_comes_with_the_endpoints_of_its_model(waiting_turn: Turn) -> None:
    claimed = claim_turn(waiting_turn.pk)
    assert [one.answer.side for one in claimed] == ["a", "b"]
    for one in claimed:
        assert one.answer.state == Answer.State.STREAMING
        assert one.answer.started_at is not None
        assert [endpoint.model for endpoint in one.endpoints] == [one.answer.model]
        assert [message.content for message in one.messages] == [waiting_turn.prompt]
    assert claim_turn(waiting_turn.pk) == []


def test_only_what_waits_is_claimed(waiting_turn: Turn) -> None:
    Answer.objects.filter(side="a").update(state=Answer.State.DONE)
    assert [one.answer.side for one in claim_turn(waiting_turn.pk)] == ["b"]


def test_one_side_that_is_queued_again_is_claimed_beside_the_other(waiting_turn: Turn) -> None:
    first, second = claim_turn(waiting_turn.pk)
    Answer.objects.filter(pk=second.answer.pk).update(state=Answer.State.WAITING)
    [again] = claim_turn(waiting_turn.pk)
    assert again.answer.pk == second.answer.pk
    assert len({one.answer.claim for one in (first, second, again)}) == 2


def test_few_turns_are_claimed_at_once_and_all_of_them_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most_at_once = 0, 0
    marked: list[int] = []

    def mark(turn_id: int, claim: int) -> int:
        nonlocal running, most_at_once
        running += 1
        most_at_once = max(most_at_once, running)
        time.sleep(0.01)
        running -= 1
        marked.append(turn_id)
        return 0

    monkeypatch.setattr(claims, "mark_claimed", mark)
    with ThreadPoolExecutor(20) as workers:
        list(workers.map(claim_turn, range(20)))
    assert most_at_once == 2
    assert sorted(marked) == list(range(20))
