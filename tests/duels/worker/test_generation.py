"""An answer is generated, relayed and stored once, whatever happens to its worker, visitor or database."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
import redis
from django.db import OperationalError
from django.db.models.functions import Now
from django.utils import timezone

from backends.base import Message, Usage
from duels.lifecycle import stream_key
from duels.models import Answer, Duel, Turn
from duels.relay.pacer import PacedTurn
from duels.worker import db_retry, generation
from duels.worker.claims import ClaimedAnswer, claim_turn
from duels.worker.db_retry import retry_on_db_outage
from duels.worker.generation import generate, generate_turn
from duels.worker.partial_answer import PartialAnswer
from duels.worker.reaper import fail_stale
from duels.worker.runtime import WorkerRuntime
from leaderboard.ballots.ballot import DuelSide
from models_registry.models import Endpoint, LanguageModel
from models_registry.spending import spent_today_eur
from tests import cast
from tests.duels.conftest import GRAND, PETIT
from tests.duels.worker.states import LONG_AGO, states
from tests.upstream import DONE, Script, Upstream, answer, event, raw, refuses


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
    late = threading.Thread(target=lambda: worker.run(generate(claimed, worker, claimed_after, PacedTurn(1))))
    late.start()
    assert upstream.wait_until(lambda upstream: upstream.active == 1)
    Answer.objects.filter(pk=claimed.answer.pk).update(heartbeat_at=timezone.now() - LONG_AGO)
    fail_stale()
    gate.set()
    late.join(30)
    assert states()["a"] == ("failed", "cut")
    assert "a-done" not in event_names(waiting_turn, valkey_client)


def test_a_late_worker_stores_nothing_over_the_one_that_streams_the_answer_now(
    waiting_turn: Turn, upstream: Upstream, worker: WorkerRuntime
) -> None:
    gate = threading.Event()
    upstream.play(PETIT, answer("Trop ", gate, "tard."))
    claimed, _ = claim_turn(waiting_turn.pk)
    late = threading.Thread(
        target=lambda: worker.run(generate(claimed, worker, time.monotonic(), PacedTurn(1)))
    )
    late.start()
    assert upstream.wait_until(lambda upstream: upstream.active == 1)
    Answer.objects.filter(pk=claimed.answer.pk).update(state=Answer.State.WAITING)
    [now] = claim_turn(waiting_turn.pk)
    gate.set()
    late.join(30)
    assert Answer.objects.values_list("state", "claim", "text").get(pk=now.answer.pk) == (
        "streaming",
        now.answer.claim,
        "",
    )


def test_a_stored_stop_counts_though_its_message_was_lost(
    waiting_turn: Turn, upstream: Upstream, worker: WorkerRuntime
) -> None:
    Turn.objects.filter(pk=waiting_turn.pk).update(stopped_at=Now())
    claimed, _ = claim_turn(waiting_turn.pk)
    assert worker.run(generate(claimed, worker, time.monotonic(), PacedTurn(1)))
    assert upstream.requests == []
    assert Answer.objects.values_list("state", "stopped").get(pk=claimed.answer.pk) == ("done", True)


def test_a_side_that_breaks_leaves_the_other_whole(
    waiting_turn: Turn, upstream: Upstream, worker: WorkerRuntime, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = generation.store

    def breaks(stored: Answer, partial: PartialAnswer, messages: Sequence[Message]) -> bool:
        if stored.side == "a":
            raise ZeroDivisionError
        return store(stored, partial, messages)

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
    partial = PartialAnswer(
        text=["Voilà."], shown_text="Voilà.", usage=Usage(10, 2), endpoint=endpoint, failure=""
    )
    values = generation.stored_values(answer, partial, [])
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


FINISHED = event({}, "stop")
QUESTIONS = {
    "refused": raw(event({"refusal": "Je ne peux pas."}), FINISHED, DONE),
    "too long": refuses(400, "Input is too long for requested model."),
    "too long, in other words": refuses(400, "Cette requête déborde."),
    "unknown 400": refuses(400, "computer says no"),
    "unknown 422": refuses(422, "computer says no"),
    "nothing": raw(FINISHED, DONE),
    "only reasoning": raw(event({"reasoning": "hm"}), FINISHED, DONE),
    "moderated": refuses(403, "flagged by moderation"),
    "filtered": raw(event({}, "content_filter"), DONE),
    "error inside": raw(b'data: {"error": {"code": 400, "message": "computer says no"}}\n\n', DONE),
}


@pytest.mark.slow
@pytest.mark.parametrize("script", QUESTIONS.values(), ids=QUESTIONS)
@pytest.mark.usefixtures("pair")
def test_a_visitor_who_repeats_such_a_question_pauses_no_model(
    upstream: Upstream, worker: WorkerRuntime, script: Script
) -> None:
    upstream.scripts |= {PETIT: script, GRAND: script}
    petit, grand = (Endpoint.objects.get(provider_model=name).model for name in (PETIT, GRAND))
    for _ in range(2 * Endpoint.FAILURES_BEFORE_PAUSE):
        turn = cast.make_duel(petit, grand, state=Answer.State.WAITING).last_turn
        worker.run(generate_turn(claim_turn(turn.pk), worker, time.monotonic()))
    assert len(upstream.requests) >= 4 * Endpoint.FAILURES_BEFORE_PAUSE
    for endpoint in Endpoint.objects.all():
        assert (endpoint.consecutive_failures, endpoint.paused_until) == (0, None)


@pytest.mark.parametrize("status", [401, 402, 404, 429, 500, 503])
@pytest.mark.usefixtures("pair")
def test_a_server_that_is_ill_is_paused(upstream: Upstream, worker: WorkerRuntime, status: int) -> None:
    upstream.scripts |= {PETIT: refuses(status), GRAND: refuses(status)}
    petit, grand = (Endpoint.objects.get(provider_model=name).model for name in (PETIT, GRAND))
    for number in range(3):
        ask_again(petit, grand, worker, visitor=f"{number:064x}", prompt=f"Question {number}")
    assert all(endpoint.paused_until for endpoint in Endpoint.objects.all())


@pytest.mark.usefixtures("pair")
def test_a_success_is_stored_once_for_answers_that_begin_at_once(
    upstream: Upstream, worker: WorkerRuntime
) -> None:
    upstream.scripts |= {PETIT: answer("Oui."), GRAND: answer("Non.")}
    petit, grand = (Endpoint.objects.get(provider_model=name).model for name in (PETIT, GRAND))

    def claim() -> list[ClaimedAnswer]:
        return claim_turn(cast.make_duel(petit, grand, state=Answer.State.WAITING).last_turn.pk)

    first, second = claim(), claim()
    worker.run(generate_turn(first, worker, time.monotonic()))
    assert all(endpoint.last_check for endpoint in Endpoint.objects.all())
    Endpoint.objects.update(last_check=None)
    worker.run(generate_turn(second, worker, time.monotonic()))
    assert not any(endpoint.last_check for endpoint in Endpoint.objects.all())
    Endpoint.objects.update(consecutive_failures=1)
    worker.run(generate_turn(claim(), worker, time.monotonic()))
    assert not any(endpoint.consecutive_failures for endpoint in Endpoint.objects.all())


def ask_again(petit: LanguageModel, grand: LanguageModel, worker: WorkerRuntime, **asked: str) -> None:
    turn = cast.make_duel(petit, grand, state=Answer.State.WAITING, **asked).last_turn
    worker.run(generate_turn(claim_turn(turn.pk), worker, time.monotonic()))


@pytest.mark.parametrize("status", [429, 500])
@pytest.mark.usefixtures("pair")
def test_the_tries_of_one_visitor_or_of_one_prompt_pause_no_model(
    upstream: Upstream, worker: WorkerRuntime, status: int
) -> None:
    upstream.scripts |= {PETIT: refuses(status), GRAND: refuses(status)}
    petit, grand = (Endpoint.objects.get(provider_model=name).model for name in (PETIT, GRAND))
    for number in range(6):
        ask_again(petit, grand, worker, prompt=f"Question {number}")
        ask_again(petit, grand, worker, visitor=f"{number:064x}", prompt="Une question qui le casse")
    assert all(endpoint.consecutive_failures <= 2 for endpoint in Endpoint.objects.all())
    assert not any(endpoint.paused_until for endpoint in Endpoint.objects.all())


@pytest.mark.usefixtures("pair")
def test_a_pause_that_a_server_asks_for_lasts_a_minute_until_a_second_visitor_meets_it(
    upstream: Upstream, worker: WorkerRuntime
) -> None:
    """Over an hour in which one visitor tries again at the end of every pause."""
    upstream.scripts |= {name: refuses(429, headers={"Retry-After": "3000"}) for name in (PETIT, GRAND)}
    petit, grand = (Endpoint.objects.get(provider_model=name).model for name in (PETIT, GRAND))
    ask_again(petit, grand, worker, prompt="Question 0")
    pauses = [endpoint.paused_until - timezone.now() for endpoint in Endpoint.objects.all()]
    assert all(timedelta(seconds=30) < pause <= timedelta(seconds=60) for pause in pauses)
    for number in range(1, 6):
        Endpoint.objects.update(paused_until=timezone.now())
        asked = len(upstream.requests)
        ask_again(petit, grand, worker, prompt=f"Question {number}")
        assert len(upstream.requests) == asked + 2  # each was the probe
        assert not any(endpoint.paused_until > timezone.now() for endpoint in Endpoint.objects.all())
    ask_again(petit, grand, worker, visitor="1" * 64, prompt="Une autre question")
    pauses = [endpoint.paused_until - timezone.now() for endpoint in Endpoint.objects.all()]
    assert all(timedelta(minutes=49) < pause <= timedelta(minutes=50) for pause in pauses)


@pytest.mark.usefixtures("pair")
def test_a_probe_that_its_visitor_stops_or_that_is_refused_prolongs_no_pause(
    upstream: Upstream, worker: WorkerRuntime
) -> None:
    upstream.scripts |= {name: refuses(400, "computer says no") for name in (PETIT, GRAND)}
    petit, grand = (Endpoint.objects.get(provider_model=name).model for name in (PETIT, GRAND))
    for stopped_at in (None, timezone.now() + timedelta(minutes=1)):
        Endpoint.objects.update(paused_until=timezone.now())
        turn = cast.make_duel(petit, grand, state=Answer.State.WAITING).last_turn
        Turn.objects.filter(pk=turn.pk).update(stopped_at=stopped_at)
        worker.run(generate_turn(claim_turn(turn.pk), worker, time.monotonic()))
        assert not any(endpoint.paused_until > timezone.now() for endpoint in Endpoint.objects.all())


def test_reasoning_without_its_opening_tag_is_stored_and_relayed_apart(
    waiting_turn: Turn, upstream: Upstream, worker: WorkerRuntime, valkey_client: redis.Redis
) -> None:
    pieces = [event({"content": text}) for text in ("Je cherche.\n", "</think>\n\n", "Paris.")]
    upstream.play(PETIT, Script([*pieces, FINISHED, DONE], delay_seconds=0.1))
    worker.run(generate_turn(claim_turn(waiting_turn.pk), worker, time.monotonic()))
    side = Answer.objects.get(turn=waiting_turn, model__slug=PETIT)
    assert (side.reasoning, side.text, side.failure) == ("Je cherche.", "Paris.", "")
    assert side.reasoning_tokens > 0
    names = [name for name in event_names(waiting_turn, valkey_client) if name.startswith(side.side)]
    assert [name.partition("-")[2] for name in names].count("start") == 2


def test_an_answer_that_ended_for_an_unknown_reason_says_so_and_is_not_ranked(
    waiting_turn: Turn, upstream: Upstream, worker: WorkerRuntime
) -> None:
    upstream.play(PETIT, answer("Oui", finish_reason="gloubi"))
    worker.run(generate_turn(claim_turn(waiting_turn.pk), worker, time.monotonic()))
    side = Answer.objects.get(turn=waiting_turn, model__slug=PETIT)
    assert (side.state, side.truncation) == (Answer.State.DONE, Answer.Truncation.UNKNOWN)
    assert not DuelSide(side.model, (side,), question="").is_complete
