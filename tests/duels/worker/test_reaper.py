"""How an answer ends when its worker does not: in words, within a minute, on every page."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.utils import timezone

from conso_duel.celery import app
from duels import valkey
from duels.events import publish_restart
from duels.lifecycle import retry_side, stop, stream_key
from duels.models import Answer, Duel
from duels.relay.cancellation import HEARTBEAT_SECONDS
from duels.relay.redis_stream import Event, append, unshown_key
from duels.worker.claims import claim_turn, touch_heartbeat
from duels.worker.reaper import REQUEUE_AFTER, STALE_AFTER, STOPPED_AFTER, fail_stale, requeue_lost
from models_registry.models import Endpoint
from models_registry.spending import spent_today_eur
from tests.cast import visitor_in
from tests.duels.worker.states import LONG_AGO, states


def test_an_answer_that_was_left_is_failed_within_a_minute() -> None:
    period = app.conf.beat_schedule["fail-stale-answers"]["schedule"]
    seconds = STALE_AFTER.total_seconds()
    assert HEARTBEAT_SECONDS + seconds + period < 60
    assert REQUEUE_AFTER.total_seconds() + period + seconds + period <= 60
    assert seconds / 3 > HEARTBEAT_SECONDS  # two heartbeats may be late


def test_a_side_without_a_heartbeat_is_failed_and_the_other_goes_on(duel: Duel) -> None:
    Answer.objects.filter(side="a").update(heartbeat_at=timezone.now() - STALE_AFTER - timedelta(seconds=1))
    assert [answer.side for answer in fail_stale()] == ["a"]
    assert states() == {"a": ("failed", "cut"), "b": ("streaming", "")}
    assert fail_stale() == []


def test_a_heartbeat_keeps_an_answer(duel: Duel) -> None:
    Answer.objects.update(heartbeat_at=timezone.now() - LONG_AGO)
    touch_heartbeat(list(Answer.objects.values_list("pk", flat=True)))
    assert fail_stale() == []


def test_an_answer_that_no_worker_claims_is_queued_again_once_then_failed(duel: Duel) -> None:
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
    touch_heartbeat([claimed.answer.pk])
    assert fail_stale() == []
    Answer.objects.update(heartbeat_at=Now() - STALE_AFTER * 2)
    assert len(fail_stale()) == 2


@pytest.mark.parametrize("state", [Answer.State.DONE, Answer.State.FAILED])
def test_what_has_ended_stays_as_it_is(duel: Duel, state: Answer.State) -> None:
    Answer.objects.update(state=state, heartbeat_at=timezone.now() - LONG_AGO)
    assert fail_stale() == []


def test_a_heartbeat_brings_nothing_back(duel: Duel) -> None:
    ended = timezone.now() - LONG_AGO
    Answer.objects.update(state=Answer.State.FAILED, heartbeat_at=ended)
    touch_heartbeat(list(Answer.objects.values_list("pk", flat=True)))
    assert set(Answer.objects.values_list("heartbeat_at", flat=True)) == {ended}


def show(duel: Duel, *events: Event) -> None:
    append(valkey.client(), stream_key(duel.last_turn), events)


def leave(**fields: Any) -> None:
    """As if the worker of both answers had been killed long ago."""
    Answer.objects.update(heartbeat_at=timezone.now() - STALE_AFTER * 2, **fields)


def test_what_was_shown_of_an_answer_is_stored_when_its_worker_is_gone(duel: Duel) -> None:
    show(duel, Event("a-start"), Event("a-chunk", "perdu"), Event("a-start"), Event("b-chunk", "autre"))
    show(
        duel,
        Event("a-chunk", "Le &lt;zinc&gt; "),
        Event("a-html", "3\n<p>x</p>"),
        Event("a-chunk", "&amp; l’or"),
    )
    leave()
    fail_stale()
    cut = Answer.objects.get(side="a")
    assert (cut.state, cut.failure, cut.text) == ("failed", "cut", "Le <zinc> & l’or")
    assert cut.tokens_out > 0
    assert cut.shape and cut.count_source == Answer.CountSource.COUNTED


def test_what_was_written_and_not_shown_is_stored_and_paid_for_unless_it_is_asked_again(
    duel: Duel,
) -> None:
    endpoint = Answer.objects.get(side="a").model.endpoints.get()
    Endpoint.objects.filter(pk=endpoint.pk).update(price_out_eur=1_000_000)  # 1 € per token
    unshown = [Event("a-endpoint", str(endpoint.pk)), Event("a-thought", "Je cherche un mot.")]
    append(valkey.client(), unshown_key(stream_key(duel.last_turn)), unshown)
    leave()
    fail_stale()
    cut = Answer.objects.get(side="a")
    assert (cut.endpoint, cut.text, cut.reasoning) == (endpoint, "", "Je cherche un mot.")
    assert spent_today_eur(endpoint.pk) == cut.reasoning_tokens > 0
    publish_restart(retry_side(duel, "a"))
    leave(state=Answer.State.STREAMING)
    fail_stale()
    again = Answer.objects.get(side="a")
    assert (again.failure, again.reasoning) == ("cut", "")
    assert spent_today_eur(endpoint.pk) == cut.reasoning_tokens


def test_without_valkey_an_answer_ends_all_the_same(duel: Duel, without_valkey: None) -> None:
    leave()
    assert len(fail_stale()) == 2
    assert set(Answer.objects.values_list("state", "text")) == {("failed", "")}


def test_an_answer_that_was_stopped_and_has_no_worker_is_done_sooner(duel: Duel) -> None:
    show(duel, Event("a-chunk", "Le début"))
    Answer.objects.update(heartbeat_at=timezone.now() - STOPPED_AFTER - timedelta(seconds=1))
    assert fail_stale() == []
    stop(duel)
    assert len(fail_stale()) == 2
    stopped = Answer.objects.get(side="a")
    assert (stopped.state, stopped.stopped, stopped.failure, stopped.text) == ("done", True, "", "Le début")


def test_a_page_that_waits_for_an_answer_without_a_worker_ends_it_itself(
    transactional_db: None, duel: Duel, client: Client
) -> None:
    """Without beat and without a worker."""
    Duel.objects.update(visitor=visitor_in(client))
    show(duel, Event("a-chunk", "Le **début**"))
    leave()
    client.get(f"{duel.get_absolute_url()}turns/1/stream/")
    names = [event.name for event in valkey.stream_client().xrange(stream_key(duel.last_turn))]
    assert names == ["a-chunk", "a-html", "a-failed", "b-failed"]
    assert states() == {"a": ("failed", "cut"), "b": ("failed", "cut")}


def test_a_stop_ends_at_once_an_answer_without_a_worker(duel: Duel, client: Client) -> None:
    Duel.objects.update(visitor=visitor_in(client))
    show(duel, Event("a-chunk", "Le début"))
    leave()
    assert client.post(f"{duel.get_absolute_url()}stop/").status_code == 303
    assert set(Answer.objects.values_list("state", "stopped")) == {("done", True)}
    assert "a-done" in [event.name for event in valkey.stream_client().xrange(stream_key(duel.last_turn))]
