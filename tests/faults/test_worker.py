"""Workers end in the middle, or receive the same task twice: each answer ends, once."""

import signal
import threading
from collections.abc import Iterator

import pytest

from duels.models import Answer
from models_registry.models import Endpoint
from models_registry.spending import spent_today_eur
from tests.duels.conftest import GRAND, PETIT
from tests.faults.page import PROMPT, Page, words
from tests.faults.processes import Site
from tests.upstream import Upstream, answer
from tests.waiting import wait_until

TEXT = "".join(words(20))


def states() -> list[tuple[str, str]]:
    return sorted(Answer.objects.values_list("state", "failure"))


def test_kill_9_in_the_middle_fails_what_it_wrote_keeps_what_was_shown_and_the_duel_goes_on(
    site: Site, upstream: Upstream
) -> None:
    """Without a clock and without another worker: the page itself asks for the end of what it waits for."""
    gate = threading.Event()
    Endpoint.objects.filter(provider_model=PETIT).update(price_out_eur=1_000_000)  # 1 € per token
    upstream.play(PETIT, answer(*words(5), gate, reasoning=["Je cherche ", "un mot."]))
    upstream.play(GRAND, answer(*words(20)))
    with site.visitor() as visitor:
        duel = visitor.open_duel(PROMPT)
        with Page(visitor, duel) as page:
            page.wait_for(lambda following: len(following.endings) == 1 and all(following.text.values()))
            site.kill("worker")
            gate.set()
            following = page.wait_for_end()
        cut = Answer.objects.get(state=Answer.State.FAILED)
        assert cut.text == following.text[cut.side] != ""
        assert TEXT.startswith(cut.text)
        assert cut.reasoning == "Je cherche un mot."
        assert cut.endpoint is not None and cut.endpoint.provider_model == PETIT
        assert spent_today_eur(cut.endpoint.pk) == cut.tokens_out + cut.reasoning_tokens > 0
        site.start("worker")
        assert "interrompue en chemin" in following.endings[cut.side].data
        assert states() == [("done", ""), ("failed", "cut")]
        upstream.play(PETIT, answer(*words(20)))
        visitor.post(f"{duel}retry/", side=cut.side)
        assert visitor.follow(duel).text == {"a": TEXT, "b": TEXT}
        assert visitor.post(f"{duel}vote/", choice="a").status_code == 200
    assert "left streaming, is ended" in site.log_of("web")


def test_what_a_killed_worker_had_taken_from_the_queue_and_not_begun_is_begun_by_the_next(
    site_with_clock: Site, upstream: Upstream
) -> None:
    """The broker keeps such a task for the dead one for minutes."""
    site = site_with_clock
    site.signal("worker", signal.SIGSTOP)
    with site.visitor() as visitor, Page(visitor, visitor.open_duel(PROMPT)) as page:
        site.kill("worker")
        site.start("worker")
        assert set(page.wait_for_end().text.values()) == {"Je suis bref.", "Je suis long."}


def test_a_worker_asked_to_end_finishes_what_it_writes(site: Site, upstream: Upstream) -> None:
    gate = threading.Event()
    for model in (PETIT, GRAND):
        upstream.play(model, answer(*words(10), gate, *words(20)[10:]))
    with site.visitor() as visitor, Page(visitor, visitor.open_duel(PROMPT)) as page:
        page.wait_for(lambda following: all(following.text.values()))
        leaving = site.terminate("worker")
        wait_until(lambda: "Warm shutdown" in site.log_of("worker"))
        gate.set()
        assert leaving.wait(timeout=30) == 0
        assert page.wait_for_end().text == {"a": TEXT, "b": TEXT}
    assert states() == [("done", "")] * 2


@pytest.fixture
def site_with_one_connection(site: Site) -> Iterator[Site]:
    """Its worker may hold one connection to the database."""
    site.stop("worker")
    site.environment["CONSO_DB_POOL_SIZE"] = "1"
    site.start("worker")
    yield site
    site.stop("worker")
    del site.environment["CONSO_DB_POOL_SIZE"]


def test_the_side_that_ends_first_keeps_no_connection_from_the_other(
    site_with_one_connection: Site, upstream: Upstream
) -> None:
    site = site_with_one_connection
    waits = site.log_of("worker").count("an answer waits")
    for _ in range(4):  # each model on either side
        gate = threading.Event()
        upstream.play(PETIT, answer("Je suis bref."))
        upstream.play(GRAND, answer("Je suis ", gate, "long."))
        with site.visitor() as visitor, Page(visitor, visitor.open_duel(PROMPT)) as page:
            page.wait_for(lambda following: len(following.endings) == 1)
            gate.set()
            assert set(page.wait_for_end().text.values()) == {"Je suis bref.", "Je suis long."}
    assert site.log_of("worker").count("an answer waits") == waits
