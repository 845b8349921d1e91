"""PostgreSQL is gone for ten seconds: what was being written is stored, what was typed is shown again."""

import html
import re
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import httpx
import pytest

from conso_duel.embedded.processes import ProcessGroup
from tests.duels.conftest import GRAND, PETIT
from tests.faults.cluster import Cluster
from tests.faults.conftest import assert_nothing_personal_in, new_folder
from tests.faults.page import PROMPT, Page, words
from tests.faults.processes import Site, clean_environment
from tests.upstream import Upstream, answer
from tests.visitor import Visitor

GONE_SECONDS = 10
OUTAGE_LIMIT_SECONDS = 30  # as in production: a worker waits so long for the database
TEXT = "".join(words(20))
COMMENT = "Une réponse claire,\net « juste »."

VOTES = "SELECT choice, comment, reasons FROM duels_vote JOIN duels_remark ON vote_id = duels_vote.id"
NEWEST_ANSWERS = "SELECT state, text FROM duels_answer WHERE turn_id = (SELECT max(id) FROM duels_turn)"


@pytest.fixture
def cluster(own_family: ProcessGroup, pair: None) -> Iterator[Cluster]:
    cluster = Cluster(own_family, new_folder())
    yield cluster
    cluster.stop()


@pytest.fixture
def site(own_family: ProcessGroup, cluster: Cluster) -> Iterator[Site]:
    """The processes on that cluster."""
    environment = clean_environment(DATABASE_URL=cluster.url)
    site = Site(own_family, new_folder(), environment, stale_after_seconds=OUTAGE_LIMIT_SECONDS)
    site.start("valkey", "worker", "web", "beat")
    yield site
    site.stop("beat", "web", "worker", "valkey")
    assert_nothing_personal_in(site)


def send_again(visitor: Visitor, page: str) -> httpx.Response:
    """The form of the page that said that nothing could be stored, sent as it is."""
    form = re.search(r'<form method="post" action="([^"]+)".*?</form>', page, re.DOTALL)
    assert form
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[0])
    typed = re.findall(r'<textarea name="(\w+)"[^>]*>\n?(.*?)</textarea>', form[0], re.DOTALL)
    fields: dict[str, list[str]] = defaultdict(list)
    for name, value in [*hidden, *typed]:
        fields[name].append(html.unescape(value))
    return visitor.http.post(form[1], data=fields)


@contextmanager
def gone(cluster: Cluster) -> Iterator[None]:
    """PostgreSQL is away while the block runs, and for GONE_SECONDS in all."""
    cluster.stop()
    back = time.monotonic() + GONE_SECONDS
    yield
    time.sleep(max(0.0, back - time.monotonic()))
    cluster.start()


def vote_and_ask(voter: Visitor, finished: str) -> tuple[httpx.Response, httpx.Response]:
    """A vote on the duel that is finished and a new question, both at once."""
    fields = {"choice": "b", "reasons_b": ["clear", "useful"], "comment_b": COMMENT}
    with ThreadPoolExecutor() as at_once:
        vote = at_once.submit(voter.post, f"{finished}vote/", **fields)
        question = at_once.submit(voter.post, "/duels/", prompt=PROMPT)
    return vote.result(), question.result()


def test_ten_seconds_without_postgres_lose_neither_answer_nor_vote_nor_question(
    site: Site, cluster: Cluster, upstream: Upstream
) -> None:
    with ExitStack() as stack:
        voter, reader = (stack.enter_context(site.visitor()) for _ in range(2))
        finished = voter.open_duel(PROMPT)
        voter.follow(finished)
        gate = threading.Event()
        for model in (PETIT, GRAND):
            upstream.play(model, answer(*words(10), gate, *words(20)[10:]))
        page = stack.enter_context(Page(reader, reader.open_duel(PROMPT)))
        page.wait_for(lambda following: all(text.endswith("9 ") for text in following.text.values()))

        with gone(cluster):
            gate.set()
            vote, question = vote_and_ask(voter, finished)

        assert page.wait_for_end().text == {"a": TEXT, "b": TEXT}
        for refused in (vote, question):
            assert refused.status_code == 503
            assert "ne peut rien enregistrer pour le moment" in refused.text
        assert set(cluster.rows(NEWEST_ANSWERS)) == {("done", TEXT)}
        assert cluster.rows("SELECT * FROM duels_vote") == []

        upstream.play(PETIT, answer("Me revoilà."))
        upstream.play(GRAND, answer("Moi aussi."))
        for _ in range(2):
            assert 'id="reveal"' in send_again(voter, vote.text).text
        assert cluster.rows(VOTES) == [("b", COMMENT, ["clear", "useful"])]
        asked = send_again(voter, question.text)
        assert PROMPT in asked.text
        assert voter.follow(asked.url.path).is_over
        assert cluster.rows("SELECT count(*) FROM duels_duel") == [(3,)]
    assert "the database is down, an answer waits" in site.log_of("worker")
    assert "duels:vote without a database" in site.log_of("web")
