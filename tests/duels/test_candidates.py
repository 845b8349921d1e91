"""The models that can answer now, those that lists show, and how often the database is queried for them."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from duels.candidates import candidate_pool, store_vote_counts
from duels.matchmaking import Mode
from models_registry.models import LISTED_FOR, Endpoint
from tests import cast
from tests.caches import clear_caches
from web import cached_for

CSRF = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"|"X-CSRFToken": "[^"]+"')
OPTION = re.compile(r"<option.*?</option>|<input[^>]*mode[^>]*>", re.DOTALL)
pytestmark = pytest.mark.django_db


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.seconds = 600.0

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def clock(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The pool is cached, as in production; here for a minute."""
    settings.CANDIDATES_TTL_SECONDS = 60
    clock = Clock()
    monkeypatch.setattr(cached_for, "time", clock)
    return clock


def test_the_database_is_queried_once_for_many_pages(
    clock: Clock, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cast.petit_3b()
    with django_assert_num_queries(2):  # the second notes that it is listed, once in a quarter of an hour
        known = [candidate_pool() for clock.seconds in (600, 620, 659)]
    assert [[model.slug for model in pool] for pool in known] == [["petit-3b"]] * 3


def test_a_model_that_has_come_plays_once_the_time_is_over(clock: Clock) -> None:
    assert not candidate_pool()
    cast.petit_3b()
    clock.seconds += 59
    assert not candidate_pool()
    clock.seconds += 1
    assert [model.slug for model in candidate_pool()] == ["petit-3b"]


def test_what_pages_derive_from_the_pool_is_computed_once(clock: Clock) -> None:
    cast.petit_3b()
    grand = cast.grand_70b()
    first, then = candidate_pool(), candidate_pool()
    assert (grand.organisation.name, [(grand.slug, grand.name)]) in first.choices
    assert first.by_slug[grand.slug].model_id == grand.pk
    assert Mode.SMALL_AGAINST_LARGE in first.modes and Mode.TWO_SMALL not in first.modes
    assert (then.choices, then.by_slug, then.key) == (first.choices, first.by_slug, first.key)
    assert then.choices is first.choices


def test_a_model_with_an_expensive_endpoint_is_expensive(settings: Settings) -> None:
    settings.EXPENSIVE_FROM_EUR = 10
    cast.petit_3b()
    cast.grand_70b().endpoints.update(price_out_eur=10)
    assert {model.slug: model.is_expensive for model in candidate_pool()} == {
        "petit-3b": False,
        "grand-70b": True,
    }


def test_a_model_whose_facts_contradict_themselves_is_left_out(client: Client) -> None:
    """An undisclosed model that a curator enabled before writing its hypothesis."""
    cast.petit_3b()
    cast.grand_70b()
    cast.secret(hypothesis_low_b=None, hypothesis_high_b=None)
    assert {model.slug for model in candidate_pool()} == {"petit-3b", "grand-70b"}
    assert client.get("/").status_code == 200
    assert client.post("/duels/", {"prompt": "Bonjour"}).status_code == 303


def test_candidates_have_the_vote_counts_that_were_stored() -> None:
    petit, grand = cast.petit_3b(), cast.grand_70b()
    store_vote_counts({petit.pk: 12})
    store_vote_counts({petit.pk: 3_500})
    votes = {model.slug: model.candidate.votes for model in candidate_pool()}
    assert votes == {petit.slug: 3_500, grand.slug: 0}


def test_a_model_that_stops_answering_leaves_the_lists_with_a_delay(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    petit, grand, _ = cast.petit_3b(), cast.grand_70b(), cast.melange_117b()
    pages = ("/", "/modeles/", f"/modeles/{petit.slug}/", "/sante/?format=json")

    def shown() -> list[str]:
        clear_caches()
        contents = [CSRF.sub("", client.get(page).content.decode()) for page in pages]
        return ["".join(OPTION.findall(contents[0])), *contents[1:]]

    before = shown()
    Endpoint.objects.filter(model=petit).update(paused_until=timezone.now() + timedelta(days=1))
    Endpoint.objects.filter(model=grand).update(daily_cap_eur=0)
    assert shown() == before
    assert len(candidate_pool().candidates) == 1
    later = timezone.now() + LISTED_FOR
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert petit.name in before[0] and petit.name not in shown()[0]
    assert '"count": 3' in before[3] and '"count": 1' in shown()[3]


def test_a_mode_whose_model_has_just_stopped_answering_is_still_played(client: Client) -> None:
    petit, _, _ = cast.petit_3b(), cast.grand_70b(), cast.melange_117b()
    candidate_pool()
    Endpoint.objects.filter(model=petit).update(paused_until=timezone.now() + timedelta(hours=1))
    asked = {"prompt": "Bonjour", "mode": "small_against_large"}
    assert client.post("/duels/", asked).status_code == 303  # refused, it would name the model
