"""How an answer ends when its worker does not: in words, within a minute, on every page."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.test import Client
from django.utils import timezone

from conso_duel.embedded import parts
from conso_duel.embedded.processes import Child, Family
from duels import answering, tasks
from duels.answering import QUEUED_TOO_LONG, STALE_AFTER, claim, fail_stale, still_alive, stream_answer
from duels.models import Answer, Duel
from duels.relay.outbox import Outbox
from duels.relay.stop import BEAT_SECONDS, Watch
from models_registry.models import Endpoint
from tests import cast
from tests.duels.conftest import GRAND, PETIT
from tests.services import site
from tests.upstream import Upstream, answer
from tests.visitor import Following, Visitor

LONG_AGO = timedelta(minutes=10)
DOOMED = "doomed"  # a queue of its own: the session's worker must not take these answers


def seconds(duration: timedelta) -> float:
    return duration.total_seconds()


def test_an_answer_that_was_left_is_failed_within_a_minute() -> None:
    every = settings.CELERY_BEAT_SCHEDULE["fail-stale-answers"]["schedule"]
    assert BEAT_SECONDS + seconds(STALE_AFTER) + every < 60
    assert seconds(STALE_AFTER) / 3 > BEAT_SECONDS  # two signs of life may be late


@pytest.fixture
def duel(db: None) -> Duel:
    return cast.make_duel(cast.petit_3b(), cast.grand_70b(), state=Answer.State.STREAMING)


def states() -> dict[str, tuple[str, str]]:
    return {row.side: (row.state, row.failure) for row in Answer.objects.all()}


def test_a_side_without_a_sign_of_life_is_failed_and_the_other_goes_on(duel: Duel) -> None:
    Answer.objects.filter(side="a").update(seen_at=timezone.now() - STALE_AFTER - timedelta(seconds=1))
    assert [answer.side for answer in fail_stale()] == ["a"]
    assert states() == {"a": ("failed", "cut"), "b": ("streaming", "")}
    assert fail_stale() == []


def test_a_sign_of_life_keeps_an_answer(duel: Duel) -> None:
    Answer.objects.update(seen_at=timezone.now() - LONG_AGO)
    still_alive(Answer.objects.values_list("pk", flat=True))
    assert fail_stale() == []


def test_an_answer_that_no_worker_takes_is_failed(duel: Duel) -> None:
    Answer.objects.filter(side="a").update(
        state=Answer.State.WAITING, seen_at=None, queued_at=timezone.now() - QUEUED_TOO_LONG * 2
    )
    fail_stale()
    assert states()["a"] == ("failed", "unavailable")


@pytest.mark.parametrize("state", [Answer.State.DONE, Answer.State.FAILED])
def test_what_has_ended_stays_as_it_is(duel: Duel, state: Answer.State) -> None:
    Answer.objects.update(state=state, seen_at=timezone.now() - LONG_AGO)
    assert fail_stale() == []


def test_a_sign_of_life_brings_nothing_back(duel: Duel) -> None:
    ended = timezone.now() - LONG_AGO
    Answer.objects.update(state=Answer.State.FAILED, seen_at=ended)
    still_alive(Answer.objects.values_list("pk", flat=True))
    assert set(Answer.objects.values_list("seen_at", flat=True)) == {ended}


@pytest.fixture
def client(valkey_server: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(valkey_server, decode_responses=True) as client:
        yield client


@pytest.fixture
def watch(valkey_server: str) -> Watch:
    """Its client stays open as long as its thread, which is as long as the process."""
    return Watch(redis.Redis.from_url(valkey_server, decode_responses=True), lambda answer_ids: None)


def test_a_worker_that_comes_back_late_changes_nothing(
    pair: None, upstream: Upstream, client: redis.Redis, watch: Watch
) -> None:
    gate = threading.Event()
    upstream.play(PETIT, answer("Trop ", gate, "tard."))
    petit, grand = (Endpoint.objects.get(remote_name=name).model for name in (PETIT, GRAND))
    waiting = cast.make_duel(petit, grand, state=Answer.State.WAITING).last_turn.answers.all()[0]
    taken = claim(waiting.pk)
    assert taken is not None
    late = threading.Thread(target=stream_answer, args=[taken, Outbox(client), watch])
    late.start()
    upstream.wait_until(lambda upstream: upstream.active == 1)
    Answer.objects.filter(pk=waiting.pk).update(seen_at=timezone.now() - LONG_AGO)
    fail_stale()
    gate.set()
    late.join(30)
    assert states()["a"] == ("failed", "cut")
    names = [fields["name"] for _, fields in client.xrange(answering.stream_key(waiting.turn))]
    assert "a-done" not in names


@pytest.fixture
def doomed_worker(family: Family, tmp_path: Path, pair: None, valkey_server: str) -> Iterator[Child]:
    """A worker of its own, to be killed."""
    part = parts.worker_part()
    child = site.start(family, replace(part, command=(*part.command, "--queues", DOOMED)), tmp_path)
    yield child
    family.stop([child])


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_worker_killed_in_the_middle_leaves_no_page_hanging(
    web: str, upstream: Upstream, doomed_worker: Child
) -> None:
    gate = threading.Event()
    upstream.play(PETIT, answer("Il était ", gate))
    upstream.play(GRAND, answer("Une fin."))
    browser = Client()
    petit, grand = (Endpoint.objects.get(remote_name=name).model for name in (PETIT, GRAND))
    duel = cast.make_duel(petit, grand, state=Answer.State.WAITING, visitor=cast.visitor_in(browser))
    for waiting in duel.last_turn.answers.all():
        tasks.stream_answer.apply_async([waiting.pk], queue=DOOMED)
    with Visitor(web) as visitor:
        visitor.http.cookies.set("sessionid", browser.cookies["sessionid"].value)
        following = Following()
        reader = threading.Thread(
            target=lambda: following.take(visitor.events(f"{duel.get_absolute_url()}turns/1/stream/"))
        )
        reader.start()
        wait_until(lambda: following.text["a"] == "Il était " and "b" in following.endings)
        doomed_worker.signal_group(signal.SIGKILL)
        gate.set()
        assert states() == {"a": ("streaming", ""), "b": ("done", "")}
        Answer.objects.filter(side="a").update(seen_at=timezone.now() - STALE_AFTER * 2)
        tasks.fail_stale()
        reader.join(20)
        assert following.is_over
        assert "interrompue en chemin" in following.endings["a"].data
        page = visitor.http.get(duel.get_absolute_url()).text
        assert "Relancer la réponse A" in page
        assert visitor.post(f"{duel.get_absolute_url()}vote/", choice="b").status_code == 200
