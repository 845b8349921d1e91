"""The clock (beat) is late, or tells another hour than the workers; the broker tells a worker twice."""

import signal
import threading
from datetime import UTC, datetime, timedelta

from celery import Celery

from conso_duel.celery import app
from duels.models import Answer, Turn
from tests.duels.conftest import GRAND, PETIT
from tests.faults.page import PROMPT, Page, words
from tests.faults.processes import STALE_AFTER_SECONDS, Site
from tests.upstream import Upstream, answer
from tests.waiting import wait_until

RECEIVED = "Task duels.tasks.generate_turn"


def send(site: Site, task: str, *arguments: int, **options: object) -> None:
    """A task as the site's own processes send it."""
    with Celery(broker=site.environment["REDIS_URL"]) as sender:
        sender.send_task(f"duels.tasks.{task}", arguments, **options)


def no_answer_is_alive() -> bool:
    """Whether beat would have every answer failed."""
    oldest = datetime.now(UTC) - timedelta(seconds=STALE_AFTER_SECONDS)
    return not Answer.objects.filter(heartbeat_at__gt=oldest).exists()


def test_a_clock_that_stood_still_fails_what_was_left_as_soon_as_it_goes_on(
    site_with_clock: Site, upstream: Upstream
) -> None:
    site = site_with_clock
    for model in (PETIT, GRAND):
        upstream.play(model, answer(*words(40), delay_seconds=0.5))
    with site.visitor() as visitor, Page(visitor, visitor.open_duel(PROMPT)) as page:
        page.wait_for(lambda following: all(following.text.values()))
        site.signal("beat", signal.SIGSTOP)
        site.kill("worker")
        site.start("worker")
        wait_until(no_answer_is_alive)
        assert not page.following.endings
        site.signal("beat", signal.SIGCONT)
        endings = page.wait_for_end().endings
    assert {ending.name for ending in endings.values()} == {"a-failed", "b-failed"}


def test_a_clock_that_is_minutes_off_still_fails_stale_answers(site: Site, upstream: Upstream) -> None:
    """It writes by its own hour until when its order holds; a worker reads that by another."""
    options = app.conf.beat_schedule["fail-stale-answers"]["options"]
    for error in (timedelta(minutes=-5), timedelta(minutes=5)):
        for model in (PETIT, GRAND):
            upstream.play(model, answer(*words(40), delay_seconds=0.5))
        with site.visitor() as visitor, Page(visitor, visitor.open_duel(PROMPT)) as page:
            page.wait_for(lambda following: all(following.text.values()))
            site.kill("worker")
            Answer.objects.update(heartbeat_at=datetime(2026, 1, 1, tzinfo=UTC))
            site.start("worker")
            hour = datetime.now(UTC) + error
            send(site, "fail_stale", expires=hour + timedelta(seconds=options["expires"]))
            assert set(page.wait_for_end().endings) == {"a", "b"}


def test_an_answer_whose_task_is_delivered_three_times_is_written_once(
    site: Site, upstream: Upstream
) -> None:
    gate = threading.Event()
    for model in (PETIT, GRAND):
        upstream.play(model, answer(*words(5), gate))
    before = site.log_of("worker").count(RECEIVED)
    with site.visitor() as visitor, Page(visitor, visitor.open_duel(PROMPT)) as page:
        page.wait_for(lambda following: all(following.text.values()))
        deliver_again(site)
        wait_until(lambda: site.log_of("worker").count(RECEIVED) == before + 2)
        gate.set()
        page.wait_for_end()
        deliver_again(site)
        wait_until(lambda: site.log_of("worker").count(RECEIVED) == before + 3)
        assert visitor.follow(page.duel).text == {"a": "".join(words(5)), "b": "".join(words(5))}
    assert sorted(request.body["model"] for request in upstream.requests) == [GRAND, PETIT]


def deliver_again(site: Site) -> None:
    for turn_id in Turn.objects.values_list("pk", flat=True):
        send(site, "generate_turn", turn_id)
