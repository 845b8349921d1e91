"""How an answer ends when its worker does not: in words, within a minute, on every page."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import redis
from django.conf import settings
from django.db.models.functions import Now
from django.utils import timezone

from backends.base import Usage
from duels.models import Answer, Duel, Turn
from duels.relay.cancellation import BEAT_SECONDS, CancellationListener
from duels.relay.poller import Poller
from duels.relay.publisher import StreamPublisher
from duels.worker import generation
from duels.worker.generation import (
    REQUEUE_AFTER,
    STALE_AFTER,
    PartialAnswer,
    claim_turn,
    fail_stale,
    requeue_lost,
    touch_heartbeat,
)
from models_registry.models import Endpoint
from models_registry.spending import spent_today_eur
from tests import cast
from tests.duels.conftest import GRAND, PETIT
from tests.upstream import Upstream, answer

LONG_AGO = timedelta(minutes=10)


def test_an_answer_that_was_left_is_failed_within_a_minute() -> None:
    every = settings.CELERY_BEAT_SCHEDULE["fail-stale-answers"]["schedule"]
    seconds = STALE_AFTER.total_seconds()
    assert BEAT_SECONDS + seconds + every < 60
    assert REQUEUE_AFTER.total_seconds() + every + seconds + every <= 60
    assert seconds / 3 > BEAT_SECONDS  # two signs of life may be late


@pytest.fixture
def duel(db: None) -> Duel:
    return cast.make_duel(cast.petit_3b(), cast.grand_70b(), state=Answer.State.STREAMING)


def states() -> dict[str, tuple[str, str]]:
    return {row.side: (row.state, row.failure) for row in Answer.objects.all()}


def test_a_side_without_a_sign_of_life_is_failed_and_the_other_goes_on(duel: Duel) -> None:
    Answer.objects.filter(side="a").update(heartbeat_at=timezone.now() - STALE_AFTER - timedelta(seconds=1))
    assert [answer.side for answer in fail_stale()] == ["a"]
    assert states() == {"a": ("failed", "cut"), "b": ("streaming", "")}
    assert fail_stale() == []


def test_a_sign_of_life_keeps_an_answer(duel: Duel) -> None:
    Answer.objects.update(heartbeat_at=timezone.now() - LONG_AGO)
    touch_heartbeat(Answer.objects.values_list("pk", flat=True))
    assert fail_stale() == []


def test_an_answer_that_no_worker_takes_is_queued_again_once_then_failed(duel: Duel) -> None:
    Answer.objects.filter(side="a").update(
        state=Answer.State.WAITING, heartbeat_at=None, queued_at=timezone.now() - LONG_AGO
    )
    waiting = Answer.objects.get(side="a")
    assert fail_stale() == []
    assert requeue_lost() == {waiting.turn_id}
    assert requeue_lost() == set()
    Answer.objects.filter(pk=waiting.pk).update(heartbeat_at=timezone.now() - STALE_AFTER * 2)
    fail_stale()
    assert states()["a"] == ("failed", "unavailable")


def test_an_answer_that_was_queued_just_now_is_left_to_its_worker(duel: Duel) -> None:
    Answer.objects.update(state=Answer.State.WAITING, heartbeat_at=None, queued_at=timezone.now())
    assert (requeue_lost(), fail_stale()) == (set(), [])


@pytest.mark.parametrize("error", [timedelta(hours=-2), timedelta(hours=2)])
def test_a_machine_whose_clock_is_wrong_ends_nothing_too_soon_or_too_late(
    duel: Duel, monkeypatch: pytest.MonkeyPatch, error: timedelta
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: datetime.now(UTC) + error)
    Answer.objects.filter(side="b").update(state=Answer.State.WAITING, heartbeat_at=None, queued_at=Now())
    [claimed] = claim_turn(duel.last_turn.pk)
    touch_heartbeat([claimed.pk])
    assert fail_stale() == []
    Answer.objects.update(heartbeat_at=Now() - STALE_AFTER * 2)
    assert len(fail_stale()) == 2


@pytest.mark.parametrize("state", [Answer.State.DONE, Answer.State.FAILED])
def test_what_has_ended_stays_as_it_is(duel: Duel, state: Answer.State) -> None:
    Answer.objects.update(state=state, heartbeat_at=timezone.now() - LONG_AGO)
    assert fail_stale() == []


def test_a_sign_of_life_brings_nothing_back(duel: Duel) -> None:
    ended = timezone.now() - LONG_AGO
    Answer.objects.update(state=Answer.State.FAILED, heartbeat_at=ended)
    touch_heartbeat(Answer.objects.values_list("pk", flat=True))
    assert set(Answer.objects.values_list("heartbeat_at", flat=True)) == {ended}


def test_an_answer_stored_twice_for_want_of_a_reply_is_paid_once(duel: Duel) -> None:
    answer = Answer.objects.select_related("turn__duel", "model").get(side="a")
    endpoint = Endpoint.objects.get(model=answer.model)
    endpoint.price_out_eur = 1
    draft = PartialAnswer(text=["Voilà."], usage=Usage(10, 2), endpoint=endpoint)
    written = generation._written(answer, draft)
    for _ in range(2):
        assert generation._store(answer, written, endpoint)
    assert spent_today_eur(endpoint.pk) == pytest.approx(2e-6)


@pytest.fixture
def client(valkey_server: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(valkey_server, decode_responses=True) as client:
        yield client


@pytest.fixture
def watch(valkey_server: str) -> CancellationListener:
    """Its client stays open as long as its thread, which is as long as the process."""
    return CancellationListener(
        redis.Redis.from_url(valkey_server, decode_responses=True), lambda answer_ids: None
    )


def test_a_worker_that_comes_back_late_changes_nothing(
    pair: None, upstream: Upstream, client: redis.Redis, watch: CancellationListener
) -> None:
    gate = threading.Event()
    upstream.play(PETIT, answer("Trop ", gate, "tard."))
    petit, grand = (Endpoint.objects.get(provider_model=name).model for name in (PETIT, GRAND))
    turn = cast.make_duel(petit, grand, state=Answer.State.WAITING).last_turn
    taken, _ = claim_turn(turn.pk)
    late = threading.Thread(
        target=generation.stream_answer,
        args=[taken, Poller(), StreamPublisher(client), watch, watch.listen()],
    )
    late.start()
    upstream.wait_until(lambda upstream: upstream.active == 1)
    Answer.objects.filter(pk=taken.pk).update(heartbeat_at=timezone.now() - LONG_AGO)
    fail_stale()
    gate.set()
    late.join(30)
    assert states()["a"] == ("failed", "cut")
    names = [name for _, events in client.xrange(generation.stream_key(turn)) for name in events]
    assert "a-done" not in names


def test_a_stop_that_is_stored_is_heeded_though_its_message_was_lost(
    pair: None, upstream: Upstream, client: redis.Redis, watch: CancellationListener
) -> None:
    petit, grand = (Endpoint.objects.get(provider_model=name).model for name in (PETIT, GRAND))
    turn = cast.make_duel(petit, grand, state=Answer.State.WAITING).last_turn
    Turn.objects.filter(pk=turn.pk).update(stopped_at=Now())
    taken, _ = claim_turn(turn.pk)
    assert generation.stream_answer(taken, Poller(), StreamPublisher(client), watch, watch.listen())
    assert upstream.requests == []
    assert Answer.objects.values_list("state", "stopped").get(pk=taken.pk) == ("done", True)


def test_few_turns_are_begun_at_once_and_all_of_them_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    beginning, most_at_once, begun = 0, 0, []

    def take(model: type[Answer], where: dict[str, int], *_: object, **__: object) -> list[int]:
        nonlocal beginning, most_at_once
        beginning += 1
        most_at_once = max(most_at_once, beginning)
        time.sleep(0.01)
        beginning -= 1
        begun.append(where["turn_id"])
        return []

    monkeypatch.setattr(generation, "update", take)
    with ThreadPoolExecutor(20) as workers:
        list(workers.map(claim_turn, range(20)))
    assert most_at_once == 2
    assert sorted(begun) == list(range(20))
