"""A new version is put in place while fifty answers are written."""

import signal
import time
from contextlib import ExitStack

from duels.models import Answer, Duel, Vote
from tests.duels.conftest import GRAND, PETIT
from tests.faults.page import PROMPT, Page, words
from tests.faults.processes import Site
from tests.upstream import Upstream, answer

DUELS = 25
LONG = words(60)
TEXT = "".join(LONG)


def test_fifty_answers_outlive_the_processes_that_began_them(
    site_with_clock: Site, upstream: Upstream
) -> None:
    site = site_with_clock
    for model in (PETIT, GRAND):
        upstream.play(model, answer(*LONG, delay_seconds=0.2))
    with ExitStack() as stack:
        visitors = [stack.enter_context(site.visitor()) for _ in range(DUELS)]
        duels = [visitor.open_duel(PROMPT) for visitor in visitors]
        pages = [stack.enter_context(Page(*pair)) for pair in zip(visitors, duels, strict=True)]
        assert upstream.wait_until(lambda upstream: upstream.active == 2 * DUELS)

        asked = time.monotonic()
        old_web, old_worker = site.terminate("web"), site.terminate("worker")
        old_web.wait(timeout=30)
        site.start("web", "worker")
        for page in pages:
            assert page.wait_for_end(60 - (time.monotonic() - asked)).text == {"a": TEXT, "b": TEXT}
        assert old_worker.wait(timeout=30) == 0
        assert set(Answer.objects.values_list("state", "text")) == {("done", TEXT)}

        for visitor, duel in zip(visitors, duels, strict=True):
            assert visitor.post(f"{duel}vote/", choice="a").status_code == 200
    assert Vote.objects.count() == Duel.objects.count() == DUELS


def test_a_worker_that_is_given_no_time_leaves_honest_failures(
    site_with_clock: Site, upstream: Upstream
) -> None:
    """As Docker does after the grace period."""
    site = site_with_clock
    for model in (PETIT, GRAND):
        upstream.play(model, answer(*LONG, delay_seconds=0.5))
    with site.visitor() as visitor, Page(visitor, visitor.open_duel(PROMPT)) as page:
        page.wait_for(lambda following: all(following.text.values()))
        site.signal("worker", signal.SIGTERM)
        site.kill("worker")
        site.start("worker")
        endings = page.wait_for_end().endings
        assert {ending.name for ending in endings.values()} == {"a-failed", "b-failed"}
        assert visitor.http.get("/duels/").status_code == 200
    assert set(Answer.objects.values_list("state", "failure")) == {("failed", "cut")}
