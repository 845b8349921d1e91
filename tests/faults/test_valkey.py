"""Valkey, broker and streams in one, is stopped and comes back empty."""

import threading

import pytest

from duels.models import Answer, Duel
from tests.duels.conftest import GRAND, PETIT
from tests.faults.page import PROMPT, Page, read_until, words
from tests.faults.processes import Site
from tests.upstream import Upstream, answer
from tests.visitor import FollowedStream
from tests.waiting import wait_until

TEXT = "".join(words(40))


@pytest.fixture
def gate(upstream: Upstream) -> threading.Event:
    """Both answers wait for it in their middle."""
    gate = threading.Event()
    for model in (PETIT, GRAND):
        upstream.play(model, answer(*words(20), gate, *words(40)[20:], delay_seconds=0.02))
    return gate


def half_read(following: FollowedStream) -> bool:
    return all(text == "".join(words(20)) for text in following.text.values())


def test_a_stream_that_was_lost_in_its_middle_heals(site: Site, gate: threading.Event) -> None:
    with site.visitor() as visitor, Page(visitor, visitor.open_duel(PROMPT)) as page:
        page.wait_for(half_read)
        site.stop("valkey")
        gate.set()
        wait_until(lambda: "the streams cannot be written" in site.log_of("worker"))
        site.start("valkey")
        assert page.wait_for_end().text == {"a": TEXT, "b": TEXT}
        assert page.reconnections > 1
    assert set(Answer.objects.values_list("state", "text")) == {("done", TEXT)}


def test_a_page_opened_after_a_restart_that_nobody_noticed_reads_it_all(
    site: Site, gate: threading.Event
) -> None:
    """The upstream is silent meanwhile: the worker has nothing to send, so nothing tells it of the loss."""
    with site.visitor() as visitor:
        duel = visitor.open_duel(PROMPT)
        read_until(visitor, duel, half_read)
        site.stop("valkey")
        site.start("valkey")
        gate.set()
        with Page(visitor, duel) as late:
            late.wait_for(
                lambda following: all(text.startswith(TEXT[:200]) for text in following.text.values())
            )
            assert late.wait_for_end().text == {"a": TEXT, "b": TEXT}


def test_a_turn_whose_task_was_lost_with_the_queue_is_queued_again(
    site_with_clock: Site, upstream: Upstream
) -> None:
    site = site_with_clock
    queued_before = site.log_of("worker").count("it is queued again")  # by other tests
    site.stop("worker")
    with site.visitor() as visitor, Page(visitor, visitor.open_duel(PROMPT)) as page:
        site.stop("valkey")
        site.start("valkey", "worker")
        assert set(page.wait_for_end().text.values()) == {"Je suis bref.", "Je suis long."}
    assert site.log_of("worker").count("it is queued again") == queued_before + 1


def test_without_valkey_pages_are_read_votes_count_and_a_question_stays_in_its_form(site: Site) -> None:
    with site.visitor() as visitor:
        duel = visitor.open_duel(PROMPT)
        visitor.follow(duel)
        site.stop("valkey")
        for path in ("/", duel, "/duels/", "/modeles/", "/classement/", "/comprendre/"):
            assert visitor.http.get(path).status_code == 200
        refused = visitor.post("/duels/", prompt="Et « le » vert ?")
        assert refused.status_code == 503
        assert "en pause" in refused.text
        assert "Et « le » vert ?" in refused.text
        assert 'id="reveal"' in visitor.post(f"{duel}vote/", choice="a").text
    assert Duel.objects.count() == 1
