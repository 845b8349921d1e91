"""Votes that count are as many as people cast: attacks on the real views, by a clock that the test moves."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from ipaddress import ip_network

import pytest
import redis
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django.fixtures import Settings

from duels import tasks
from duels.models import Answer, Duel, Vote
from duels.queries import load_own_duel
from duels.votes.vote_counting import CLASS, FASTEST_SECONDS, Voter, uncounted_reason
from leaderboard.ballots.collect import collect
from leaderboard.models import Ballot
from tests import cast
from web.client_address import client_address_hash, client_network_hash

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
ONE_ADDRESS = "203.0.113.7"


class Clock:
    """The clock of the site."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = datetime(2026, 11, 30, 8, tzinfo=timezone.get_current_timezone())
        monkeypatch.setattr(timezone, "now", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


class Booth:
    """Votes through the site: each from an address, with a cookie or without."""

    def __init__(self, clock: Clock) -> None:
        self.clock, self.pair, self.asked = clock, (cast.petit_3b(), cast.grand_70b()), 0
        self.revealed: set[str] = set()  # why votes do not count, where the page after one was seen

    def vote(
        self, client: Client, address: str = ONE_ADDRESS, prompt: str = "", wait_seconds: int = 60
    ) -> str:
        """Ask, wait, vote; why the vote does not count, empty when it does."""
        self.asked += 1
        prompt = prompt or letters_of(self.asked)
        duel = cast.make_duel(*self.pair, prompt=prompt, visitor=cast.visitor_in(client))
        ended_at = self.clock.now
        Answer.objects.filter(turn__duel=duel).update(finished_at=ended_at)
        self.clock.now = ended_at + timedelta(seconds=wait_seconds)
        response = client.post(f"{duel.get_absolute_url()}vote/", {"choice": "a"}, REMOTE_ADDR=address)
        self.clock.now = ended_at
        assert response.status_code == 303
        uncounted = Vote.objects.get(duel=duel).uncounted
        if uncounted not in self.revealed:
            self.revealed.add(uncounted)
            assert self.pair[0].name in client.get(duel.get_absolute_url()).content.decode()
        return uncounted


def letters_of(number: int) -> str:
    """Another prompt for each number."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


@pytest.fixture
def booth(clock: Clock) -> Booth:
    return Booth(clock)


def test_a_vote_counts_and_what_is_stored_of_it_leads_to_no_address(booth: Booth) -> None:
    assert booth.vote(Client()) == ""
    assert {field.name for field in Vote._meta.fields} == {"id", "duel", "choice", "created_at", "uncounted"}


def test_a_vote_within_seconds_of_the_answers_does_not_count(booth: Booth) -> None:
    client = Client()
    assert booth.vote(client, wait_seconds=FASTEST_SECONDS - 1) == Vote.Uncounted.TOO_FAST
    assert booth.vote(client, wait_seconds=FASTEST_SECONDS) == ""
    assert booth.vote(client, wait_seconds=8 * 86_400) == Vote.Uncounted.LATE


def test_a_class_votes_at_the_same_moment(booth: Booth) -> None:
    assert [booth.vote(Client()) for _ in range(CLASS)] == [""] * CLASS
    assert booth.vote(Client()) == Vote.Uncounted.FIRST_VOTES


@pytest.mark.slow
def test_789_votes_of_one_address_in_40_seconds_count_as_one_class(booth: Booth) -> None:
    reasons = []
    for _ in range(120):
        reasons.append(booth.vote(Client()))
        booth.clock.now += timedelta(seconds=0.05)
    assert reasons.count("") == CLASS


@pytest.mark.slow
def test_a_school_that_is_declared_votes_in_several_classes(booth: Booth, settings: Settings) -> None:
    settings.SCHOOL_NETWORKS = (ip_network("203.0.113.0/24"), ip_network("2001:db8:5::/48"))
    for address in (ONE_ADDRESS, "2001:db8:5:1::2", "::ffff:203.0.113.9"):
        assert [booth.vote(Client(), address) for _ in range(CLASS + 5)] == [""] * (CLASS + 5)


def test_the_same_prompt_counts_once_for_a_person_and_a_few_times_for_a_household(booth: Booth) -> None:
    client = Client()
    same = ["Combien font 2 + 2 ?", "combien  font 3+3?", "Combien font 2 + 2 ?"]
    assert [booth.vote(client, prompt=prompt) for prompt in same] == ["", *["same_prompt"] * 2]
    assert [booth.vote(Client(), prompt="La même !") for _ in range(7)] == [*[""] * 5, *["same_prompt"] * 2]
    assert [booth.vote(client, prompt=prompt) for prompt in ("2 + 2", "3 + 3")] == ["", ""]


def test_one_person_votes_at_the_pace_of_a_person(booth: Booth) -> None:
    client = Client()
    reasons = [booth.vote(client) for _ in range(25)]
    assert reasons == [*[""] * 20, *["pace_person"] * 5]
    booth.clock.now += timedelta(minutes=15)
    assert [booth.vote(client) for _ in range(2)] == ["", "pace_person"]


@pytest.mark.slow
def test_addresses_of_one_network_of_ipv6_count_together(booth: Booth) -> None:
    of_one_site = [booth.vote(Client(), f"2001:db8:1:{number:x}::1") for number in range(CLASS + 5)]
    assert of_one_site.count("") == CLASS
    of_one_household = [booth.vote(Client(), f"2001:db8:2:1::{number:x}") for number in range(CLASS + 5)]
    assert of_one_household.count("") == CLASS


def test_votes_while_nothing_can_be_checked_do_not_count(
    booth: Booth, without_valkey: None, valkey_client: redis.Redis
) -> None:
    assert booth.vote(Client()) == Vote.Uncounted.UNCHECKED


def test_the_leaderboard_says_how_many_votes_do_not_count(booth: Booth) -> None:
    client = Client()
    booth.vote(client, wait_seconds=0)
    booth.vote(client)
    collect()
    assert sorted(Ballot.objects.values_list("excluded_reason", flat=True)) == ["", "too_fast"]
    assert Ballot.objects.counted().count() == 1


def test_a_chosen_duel_takes_nothing_from_what_counts(booth: Booth) -> None:
    client = Client()
    with only_chosen_duels():
        assert [booth.vote(client) for _ in range(25)] == [""] * 25
    assert booth.vote(client) == ""


@contextmanager
def only_chosen_duels() -> Iterator[None]:
    mode = Duel._meta.get_field("mode")
    before, mode.default = mode.default, Duel.Mode.CHOSEN
    yield
    mode.default = before


def test_many_votes_in_a_minute_give_the_alert(
    booth: Booth, settings: Settings, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    settings.ALERT_VOTES_PER_MINUTE = 3
    for _ in range(3):
        booth.vote(Client(), wait_seconds=0)
    with caplog.at_level(logging.WARNING):
        tasks.fail_stale()
    assert "3 votes in a minute" in caplog.text
    assert client.get("/sante/?format=json").json()["parts"]["votes"]["count"] == 3
    booth.clock.now += MINUTE
    assert client.get("/sante/?format=json").json()["state"]


TEN = [f"198.51.100.{number}" for number in range(10)]
A_SITE = [f"2001:db8:1:{number:x}::1" for number in range(10)]
# What is attacked from, how many cookies are reused (0: none), and how many votes of a day then count.
A_DAY = {
    "a script without cookies, one address": ([ONE_ADDRESS], 0, 82),
    "a script that keeps its cookies, one address": ([ONE_ADDRESS], 300, 154),
    "one visitor": ([ONE_ADDRESS], 1, 115),
    "ten addresses without cookies": (TEN, 0, 820),
    "ten addresses with cookies": (TEN, 3_000, 1_540),
    "one /48 of IPv6 with cookies": (A_SITE, 3_000, 273),
}


@pytest.mark.slow
@pytest.mark.parametrize(("addresses", "cookies", "expected"), A_DAY.values(), ids=list(A_DAY))
def test_counted_votes_of_a_day(booth: Booth, addresses: list[str], cookies: int, expected: int) -> None:
    """A script votes every ten minutes from each address, each time until a vote does not count."""
    cast.make_duel(*booth.pair, visitor=cast.A_VISITOR)
    duel = load_own_duel(cast.A_VISITOR, Duel.objects.get().code)
    assert duel
    turn, start, counted, tried = duel.turns.all()[0], booth.clock.now, 0, 0
    for minutes in range(0, 24 * 60, 10):
        booth.clock.now = start + timedelta(minutes=minutes + 1)
        for address in addresses:
            reason = ""
            while not reason:
                tried += 1
                turn.prompt = letters_of(tried)
                visitor = str(tried % cookies if cookies else tried)
                reason = uncounted_reason(
                    duel, turn.answers.all(), voter(visitor, address), is_first=not cookies
                )
                counted += not reason
    print(f"\n{counted} counted votes in a day")
    assert counted == expected


def voter(visitor: str, address: str) -> Voter:
    request = RequestFactory().get("/", REMOTE_ADDR=address)
    return Voter(visitor, client_address_hash(request), client_network_hash(request))
