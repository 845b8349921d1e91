"""An answer is generated, relayed and stored once, whatever happens to its worker, visitor or database."""

import threading
import time
from collections.abc import Callable

import pytest
import redis
from django.db import OperationalError
from django.db.models.functions import Now
from django.utils import timezone

from backends.base import Usage
from duels.lifecycle import stream_key
from duels.models import Answer, Duel, Turn
from duels.worker import db_retry, generation
from duels.worker.claims import claim_turn
from duels.worker.db_retry import retry_on_db_outage
from duels.worker.generation import PartialAnswer, generate, generate_turn
from duels.worker.reaper import fail_stale
from duels.worker.runtime import WorkerRuntime
from models_registry.models import Endpoint
from models_registry.spending import spent_today_eur
from tests.duels.conftest import GRAND, PETIT
from tests.duels.worker.states import LONG_AGO, states
from tests.upstream import Upstream, answer


def event_names(turn: Turn, client: redis.Redis) -> list[str]:
    entries = client.xrange(stream_key(turn))
    return [name.decode() for _, events in entries for name in events]


def test_both_sides_are_generated_at_once(
    waiting_turn: Turn, upstream: Upstream, worker: WorkerRuntime, valkey_client: redis.Redis
) -> None:
    gates = [threading.Event(), threading.Event()]
    for model, gate in zip((PETIT, GRAND), gates, strict=True):
        upstream.play(model, answer("Oui", gate, "."))
    claimed_after = time.monotonic()
    running = threading.Thread(
        target=lambda: worker.run(generate_turn(claim_turn(waiting_turn.pk), worker, claimed_after))
    )
    running.start()
    assert upstream.wait_until(lambda upstream: upstream.active == 2)
    for gate in gates:
        gate.set()
    running.join(10)
    assert set(states().values()) == {("done", "")}
    assert {"a-start", "b-start", "a-done", "b-done"} <= set(event_names(waiting_turn, valkey_client))


def test_a_worker_that_comes_back_late_changes_nothing(
    waiting_turn: Turn, upstream: Upstream, worker: WorkerRuntime, valkey_client: redis.Redis
) -> None:
    gate = threading.Event()
    upstream.play(PETIT, answer("Trop ", gate, "tard."))
    claimed_after = time.monotonic()
    claimed, _ = claim_turn(waiting_turn.pk)
    late = threading.Thread(target=lambda: worker.run(generate(claimed, worker, claimed_after)))
    late.start()
    assert upstream.wait_until(lambda upstream: upstream.active == 1)
    Answer.objects.filter(pk=claimed.answer.pk).update(heartbeat_at=timezone.now() - LONG_AGO)
    fail_stale()
    gate.set()
    late.join(30)
    assert states()["a"] == ("failed", "cut")
    assert "a-done" not in event_names(waiting_turn, valkey_client)


def test_a_stored_stop_counts_though_its_message_was_lost(
    waiting_turn: Turn, upstream: Upstream, worker: WorkerRuntime
) -> None:
    Turn.objects.filter(pk=waiting_turn.pk).update(stopped_at=Now())
    claimed, _ = claim_turn(waiting_turn.pk)
    assert worker.run(generate(claimed, worker, time.monotonic()))
    assert upstream.requests == []
    assert Answer.objects.values_list("state", "stopped").get(pk=claimed.answer.pk) == ("done", True)


def test_a_side_that_breaks_leaves_the_other_whole(
    waiting_turn: Turn, upstream: Upstream, worker: WorkerRuntime, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = generation.store

    def breaks(stored: Answer, partial: PartialAnswer) -> bool:
        if stored.side == "a":
            raise ZeroDivisionError
        return store(stored, partial)

    monkeypatch.setattr(generation, "store", breaks)
    with pytest.raises(ZeroDivisionError):
        worker.run(generate_turn(claim_turn(waiting_turn.pk), worker, time.monotonic()))
    assert states() == {"a": ("streaming", ""), "b": ("done", "")}
    assert worker.publisher.open_answers <= 1  # the broken one is gone


def test_an_answer_stored_twice_for_want_of_a_reply_is_paid_once(
    duel: Duel, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = Answer.objects.select_related("turn__duel", "model").get(side="a")
    endpoint = Endpoint.objects.get(model=answer.model)
    endpoint.price_out_eur = 1
    partial = PartialAnswer(text=["Voilà."], usage=Usage(10, 2), endpoint=endpoint, failure="")
    values = generation.stored_values(answer, partial)
    for _ in range(2):
        assert generation.update_once(answer, values, endpoint)
    assert spent_today_eur(endpoint.pk) == pytest.approx(2e-6)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db_retry, "RETRY_SECONDS", 0.001)
    monkeypatch.setattr(db_retry, "TIMEOUT_SECONDS", 0.2)


def failing(times: float) -> Callable[[], str]:
    """Database work that fails so many times, then succeeds."""

    def work() -> str:
        nonlocal times
        times -= 1
        if times >= 0:
            raise OperationalError
        return "done"

    return work


@pytest.mark.usefixtures("impatient", "db")
def test_database_work_is_tried_again_for_a_while() -> None:
    assert retry_on_db_outage(failing(times=3))() == "done"
    with pytest.raises(OperationalError):
        retry_on_db_outage(failing(times=float("inf")))()
