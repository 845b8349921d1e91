"""A Redis that fails over: for a moment the server that everybody knows takes no writes, or takes connections
back. Workers, clock and web server go on with the same processes."""

import threading

import redis

from duels.models import Answer
from tests.duels.conftest import GRAND, PETIT
from tests.faults.page import PROMPT, Page, words
from tests.faults.processes import Site
from tests.upstream import Upstream, answer
from tests.waiting import wait_until

TEXT = "".join(words(30))


def test_a_server_that_becomes_a_replica_and_is_promoted_again_ends_no_process(
    site_with_clock: Site, upstream: Upstream
) -> None:
    site, gate = site_with_clock, threading.Event()
    for model in (PETIT, GRAND):
        upstream.play(model, answer(*words(10), gate, *words(30)[10:]))
    with redis.Redis.from_url(site.environment["REDIS_URL"]) as server, site.visitor() as visitor:
        with Page(visitor, visitor.open_duel(PROMPT)) as page:
            page.wait_for(lambda following: all(following.text.values()))
            server.replicaof("127.0.0.1", "9")  # nobody answers there: READONLY for every write
            server.client_kill_filter(_type="normal", skipme=True)  # and every connection is reset
            gate.set()
            wait_until(lambda: "the streams cannot be written" in site.log_of("worker"))
            refused = visitor.post("/duels/", prompt="Et le vert ?")
            assert refused.status_code == 503
            server.replicaof("NO", "ONE")
            assert page.wait_for_end().text == {"a": TEXT, "b": TEXT}
        for model in (PETIT, GRAND):
            upstream.play(model, answer(*words(5)))
        with Page(visitor, visitor.open_duel(PROMPT)) as again:
            again.wait_for_end()
    assert set(Answer.objects.values_list("state", "failure")) == {("done", "")}
    assert site.exited() == []
