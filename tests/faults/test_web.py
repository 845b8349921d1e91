"""The web process ends in the middle: pages come back, votes count once."""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import httpx
from django.db import connection, transaction

from duels.models import Answer, Duel, Vote
from tests.duels.conftest import GRAND, PETIT
from tests.faults.page import PROMPT, Page, words
from tests.faults.processes import Site
from tests.upstream import Upstream, answer
from tests.visitor import Visitor
from tests.waiting import wait_until

LONG = words(60)
MORE_THAN_PAGES_AT_ONCE = 60


def test_after_kill_9_a_page_reads_on_from_the_last_event_it_saw(site: Site, upstream: Upstream) -> None:
    gate = threading.Event()
    for model in (PETIT, GRAND):
        upstream.play(model, answer(*LONG[:30], gate, *LONG[30:], delay_seconds=0.01))
    with site.visitor() as visitor, Page(visitor, visitor.open_duel(PROMPT)) as page:
        page.wait_for(lambda following: all(text == "".join(LONG[:30]) for text in following.text.values()))
        site.kill("web")
        gate.set()
        wait_until(lambda: Answer.objects.filter(state=Answer.State.DONE).count() == 2)
        site.start("web")
        following = page.wait_for_end()
    assert following.text == {"a": "".join(LONG), "b": "".join(LONG)}
    assert page.reconnections > 1


def vote_without_hearing(visitor: Visitor, duel: str) -> None:
    with contextlib.suppress(httpx.TransportError):
        visitor.post(f"{duel}vote/", choice="b")


def test_a_vote_whose_answer_was_lost_with_the_server_counts_once(site: Site) -> None:
    with site.visitor() as visitor:
        duel = visitor.open_duel(PROMPT)
        visitor.follow(duel)
        lost = threading.Thread(target=vote_without_hearing, args=[visitor, duel])
        lost.start()
        wait_until(lambda: Vote.objects.exists() or not lost.is_alive())
        site.kill("web")
        lost.join(30)
        site.start("web")
        assert visitor.post(f"{duel}vote/", choice="b").status_code == 200
        assert visitor.post(f"{duel}vote/", choice="b").status_code == 200
        assert 'id="reveal"' in visitor.http.get(duel).text
    assert Vote.objects.count() == Duel.objects.count() == 1


def test_questions_that_wait_to_be_stored_keep_nobody_from_reading(site: Site) -> None:
    """None can be stored for a moment: were each to hold a thread, no page would be made meanwhile."""
    with ExitStack() as stack:
        reader, *askers = [stack.enter_context(site.visitor()) for _ in range(1 + MORE_THAN_PAGES_AT_ONCE)]
        duel = reader.open_duel(PROMPT)
        sent: list[httpx.Request] = []
        for asker in askers:
            asker.http.get("/")
            asker.http.event_hooks = {"request": [sent.append]}
        at_once = stack.enter_context(ThreadPoolExecutor(MORE_THAN_PAGES_AT_ONCE))
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE duels_duel IN EXCLUSIVE MODE")
            asked = [at_once.submit(asker.open_duel, PROMPT) for asker in askers]
            wait_until(lambda: waiting_to_store() > 0 and len(sent) == len(askers))
            for page in ("/", duel) * 2:  # the first may overtake some of the questions
                assert reader.http.get(page, timeout=5).status_code == 200
        assert len({question.result() for question in asked}) == MORE_THAN_PAGES_AT_ONCE


def waiting_to_store() -> int:
    """How many wait for the table that somebody has locked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return int(cursor.fetchone()[0])
