"""The web process ends in the middle: pages come back, votes count once."""

import contextlib
import threading

import httpx

from duels.models import Answer, Duel, Vote
from tests.duels.conftest import GRAND, PETIT
from tests.faults.reading import PROMPT, Page, wait_until, words
from tests.faults.standing import Site
from tests.upstream import Upstream, answer
from tests.visitor import Visitor

LONG = words(60)


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
        assert 'id="revelation"' in visitor.http.get(duel).text
    assert Vote.objects.count() == Duel.objects.count() == 1
