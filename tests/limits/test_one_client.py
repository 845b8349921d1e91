"""One client against all: what it may hold, and how long an honest duel takes beside it."""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings

from duels.visitors import COOKIE
from tests.duels.conftest import GRAND, PETIT
from tests.limits.conftest import SLOW
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
