"""The events of a turn by plain requests, and the heartbeats of its stream."""

import threading
import time

import pytest

from tests.duels.conftest import GRAND, PETIT
from tests.upstream import Upstream, answer, refuses
from tests.visitor import FollowedStream, ServerSentEvent, Visitor
from tests.waiting import DEADLINE_SECONDS, wait_until

AT_ONCE_SECONDS = 5  # a third of the silence that a stream bears


def plain_events(visitor: Visitor, duel: str, last_id: str = "") -> list[ServerSentEvent]:
    response = visitor.http.get(f"{duel}turns/1/events/", params={"after": last_id})
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert response.headers["cache-control"] == "no-store"
    return [ServerSentEvent(name, id, data) for name, data, id in response.json()]


def read_plainly(visitor: Visitor, duel: str, following: FollowedStream, until: str = "") -> None:
    """Make plain requests until the turn has ended, or a side has said `until`."""
    give_up_at = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < give_up_at:
        following.read(iter(plain_events(visitor, duel, following.last_id)))
        if following.is_over or (until and until in following.text.values()):
            return
        time.sleep(0.05)
    raise AssertionError(f"never ended: {following.names}")


def test_plain_requests_tell_what_the_stream_tells(visitor: Visitor, upstream: Upstream) -> None:
    gate = threading.Event()
    upstream.play(PETIT, answer("Le <ciel>\r\n", gate, "est bleu.", delay_seconds=0.02))
    duel = visitor.open_duel("Bonjour")
    following = FollowedStream()
    read_plainly(visitor, duel, following, until="Le <ciel>\r\n")
    gate.set()
    read_plainly(visitor, duel, following)
    streamed = visitor.follow(duel)
    assert following.text == streamed.text
    assert {side: event.data for side, event in following.endings.items()} == {
        side: event.data for side, event in streamed.endings.items()
    }


def test_a_plain_request_answers_at_once_with_what_is_new(visitor: Visitor, upstream: Upstream) -> None:
    gate = threading.Event()
    for model in (PETIT, GRAND):
        upstream.play(model, answer("Un début", gate, " et une fin."))
    duel = visitor.open_duel("Bonjour")
    following = FollowedStream()

    def have_both_begun() -> bool:
        following.read(iter(plain_events(visitor, duel, following.last_id)))
        return list(following.text.values()) == ["Un début"] * 2

    wait_until(have_both_begun)
    start = time.monotonic()
    assert plain_events(visitor, duel, following.last_id) == []
    assert time.monotonic() - start < AT_ONCE_SECONDS
    gate.set()
    read_plainly(visitor, duel, following)
    assert set(following.text.values()) == {"Un début et une fin."}


@pytest.mark.parametrize("last_id", ["0-1", "rien", "9" * 40, "1-1.0 "])
def test_from_an_unknown_place_everything_is_sent_again(visitor: Visitor, last_id: str) -> None:
    duel = visitor.open_duel("Bonjour")
    visitor.follow(duel)
    events = plain_events(visitor, duel, last_id)
    assert [event.name for event in events][-1] == "end"
    assert {event.name for event in events} >= {"a-start", "a-done", "b-start", "b-done"}


def test_a_failure_is_shown_in_the_language_of_the_reader(visitor: Visitor, upstream: Upstream) -> None:
    upstream.play(PETIT, refuses(500))
    duel = visitor.open_duel("Bonjour")
    following = FollowedStream()
    read_plainly(visitor, duel, following)
    failed = next(event for event in following.endings.values() if event.name.endswith("failed"))
    assert failed.data == "Ce modèle ne répond pas pour le moment."


@pytest.mark.parametrize("turn", ["0", "2", "99999999999999999999"])
def test_a_turn_that_does_not_exist_has_no_events(visitor: Visitor, turn: str) -> None:
    assert visitor.http.get(f"{visitor.open_duel('Bonjour')}turns/{turn}/events/").status_code == 404


def test_the_stream_of_a_slow_model_has_heartbeats_and_loses_nothing(
    visitor: Visitor, upstream: Upstream
) -> None:
    gate = threading.Event()
    threading.Timer(2.5, gate.set).start()
    upstream.play(PETIT, answer("Le ciel ", gate, "est bleu."))
    following = visitor.follow(visitor.open_duel("Bonjour"))
    assert 0 < following.heartbeats < 4
    assert "Le ciel est bleu." in following.text.values()
