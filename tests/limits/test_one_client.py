"""One client against all: what it may hold, and how long an honest duel takes beside it."""

import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from statistics import median
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from duels.models import Answer, Duel, LanguageModel
from duels.visitors import COOKIE, hash_token, new_token
from models_registry.endpoint_hosting import Place
from models_registry.models import Endpoint
from tests import cast
from tests.duels.conftest import GRAND, PETIT
from tests.limits.conftest import SLOW
from tests.upstream import Upstream, answer
from tests.visitor import Visitor

QUESTIONS = 440
MOST_SECONDS = 1.0  # that an honest duel may take longer beside the attack


def ask_without_cookie(attacker: Visitor, **fields: str) -> int:
    """The status of a question whose sender throws the cookie of the game away."""
    if COOKIE in attacker.http.cookies:
        attacker.http.cookies.delete(COOKIE)
    return attacker.post("/duels/", prompt="Bonjour", **fields).status_code


def honest_seconds(web: str) -> float:
    """How long another visitor waits from the question to the end of both answers."""
    with Visitor(web, "127.0.0.2") as visitor:
        visitor.http.get("/")
        started = time.perf_counter()
        answer = visitor.post("/duels/", prompt="Bonjour", mode="chosen", first=PETIT, second=GRAND)
        visitor.follow(answer.url.path)
        return time.perf_counter() - started


@pytest.mark.slow
@pytest.mark.usefixtures("worker", "trio")
def test_440_questions_without_a_cookie_to_a_slow_model_delay_nobody(web: str) -> None:
    alone = min(honest_seconds(web) for _ in range(3))
    answers: list[int] = []
    attack = {"mode": "chosen", "first": SLOW, "second": PETIT}

    def attack_on() -> None:
        with Visitor(web) as attacker:
            attacker.http.follow_redirects = False
            while len(answers) < QUESTIONS:
                answers.append(ask_without_cookie(attacker, **attack))

    with ThreadPoolExecutor(2) as attackers:
        for _ in range(2):
            attackers.submit(attack_on)
        beside = [honest_seconds(web) for _ in range(4)]
        wait_for_end = threading.Event()
        while len(answers) < QUESTIONS:
            wait_for_end.wait(0.2)
    beside += [honest_seconds(web) for _ in range(4)]
    assert answers.count(303) <= settings.LIMIT_RUNNING_ADDRESS
    print(f"\nhonest duel: alone {alone:.2f} s, beside the attack {max(beside):.2f} s; {Counter(answers)}")
    assert max(beside) - alone <= MOST_SECONDS


ONE_ANSWER_SECONDS = 0.6


@pytest.mark.slow
@pytest.mark.usefixtures("worker", "trio")
def test_a_question_to_a_slow_model_does_not_wait_behind_those_of_another_address(
    web: str, upstream: Upstream
) -> None:
    """A server of one's own that writes one answer after another."""
    slow = replace(answer("Oui."), delay_seconds=ONE_ANSWER_SECONDS / 4, alone=threading.Semaphore())
    upstream.play(SLOW, slow)
    Endpoint.objects.filter(provider_model=SLOW).update(hosting=Place.OWN_SERVER)
    attack = {"mode": "chosen", "first": SLOW, "second": PETIT}
    with Visitor(web) as attacker, Visitor(web, "127.0.0.2") as honest:
        attacker.http.follow_redirects = False
        taken = [ask_without_cookie(attacker, **attack) for _ in range(80)].count(303)
        assert upstream.wait_until(lambda upstream: upstream.active >= 2)
        started = time.perf_counter()
        page = honest.post("/duels/", prompt="Bonjour", **attack)
        honest.follow(page.url.path)
        waited = time.perf_counter() - started
    print(f"\n{taken} questions before: {waited:.1f} s instead of {taken * ONE_ANSWER_SECONDS:.1f} s")
    assert taken >= 30
    assert waited < taken * ONE_ANSWER_SECONDS / 3


PIPELINED = 20  # requests on each of the connections
CONNECTIONS = 300


@contextmanager
def flooded(web: str) -> Iterator[None]:
    """One address asks for 6,000 pages at once, each for another search, and reads none."""
    with ExitStack() as stack:
        for number in range(CONNECTIONS):
            ends = ("127.0.0.1", urlsplit(web).port or 80)
            line = stack.enter_context(socket.create_connection(ends, 15, source_address=("127.0.0.1", 0)))
            for page in range(PIPELINED):
                query = f"GET /modeles/?q={number}-{page} HTTP/1.1"
                line.sendall(f"{query}\r\nHost: localhost\r\n\r\n".encode())
        yield


@pytest.mark.slow
@pytest.mark.usefixtures("trio")
def test_nobody_waits_behind_all_the_pages_that_one_address_asks_for(web: str) -> None:
    with Visitor(web, "127.0.0.2") as visitor:
        alone = [visitor.http.get("/").elapsed.total_seconds() for _ in range(5)]
        with flooded(web):
            beside = [visitor.http.get("/").elapsed.total_seconds() for _ in range(5)]
    print(f"\na page: alone {median(alone):.2f} s, beside 6,000 others {median(beside):.2f} s")
    assert median(beside) - median(alone) <= MOST_SECONDS


def open_stream(visitor: Visitor, stack: ExitStack) -> int:
    """The status of a stream of the visitor's own running duel, which stays open with the stack."""
    duel = Duel.objects.get(visitor=hash_token(visitor.http.cookies[COOKIE]))
    url = f"{duel.get_absolute_url()}turns/1/stream/"
    return stack.enter_context(visitor.http.stream("GET", url)).status_code


def with_running_duel(web: str, stack: ExitStack, address: str) -> Visitor:
    """A visitor whose duel no worker takes."""
    visitor, token = stack.enter_context(Visitor(web, address)), new_token()
    visitor.http.cookies.set(COOKIE, token)
    models = LanguageModel.objects.all()
    cast.make_duel(models[0], models[1], visitor=hash_token(token), state=Answer.State.WAITING)
    return visitor


@pytest.mark.usefixtures("trio")
def test_a_visitor_keeps_sixteen_streams_open_and_another_still_opens_one(web: str) -> None:
    with ExitStack() as stack:
        greedy, other = (with_running_duel(web, stack, f"127.0.0.{last}") for last in (1, 2))
        statuses = [open_stream(greedy, stack) for _ in range(60)]
        assert Counter(statuses) == {200: settings.LIMIT_STREAMS_SESSION, 429: 44}
        assert open_stream(other, stack) == 200
    with ExitStack() as stack:
        again = with_running_duel(web, stack, "127.0.0.1")
        assert open_stream(again, stack) == 200
