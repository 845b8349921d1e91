"""Which models play, and how often the database is asked."""

from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from duels import candidates
from duels.candidates import candidate_pool, store_vote_counts
from duels.matchmaking import Mode
from tests import cast

pytestmark = pytest.mark.django_db


class Clock:
    """Seconds that go by when the test says so."""

    def __init__(self) -> None:
        self.seconds = 600.0

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def clock(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    """As in production, where the database is not asked for each page; here once a minute."""
    settings.CANDIDATES_TTL_SECONDS = 60
    clock = Clock()
    monkeypatch.setattr(candidates, "time", clock)
    candidates._playable_in.cache_clear()
    yield clock
    candidates._playable_in.cache_clear()


def test_the_database_is_asked_once_for_many_pages(
    clock: Clock, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cast.petit_3b()
    with django_assert_num_queries(1):
        known = [candidate_pool() for clock.seconds in (600, 620, 659)]
    assert [[player.slug for player in told] for told in known] == [["petit-3b"]] * 3


def test_a_model_that_has_come_plays_once_the_time_is_over(clock: Clock) -> None:
    assert not candidate_pool()
    cast.petit_3b()
    clock.seconds += 59
    assert not candidate_pool()
    clock.seconds += 1
    assert [player.slug for player in candidate_pool()] == ["petit-3b"]


def test_what_follows_from_the_players_is_worked_out_once(clock: Clock) -> None:
    cast.petit_3b()
    grand = cast.grand_70b()
    first, then = candidate_pool(), candidate_pool()
    assert dict(first.choices)[grand.slug] == f"{grand.name} ({grand.organisation.name})"
    assert first.candidates[grand.slug].model_id == grand.pk
    assert Mode.SMALL_AGAINST_LARGE in first.modes and Mode.TWO_SMALL not in first.modes
    assert (then.choices, then.candidates, then.key) == (first.choices, first.candidates, first.key)
    assert then.choices is first.choices


def test_what_a_costly_endpoint_may_answer_for_is_told(settings: Settings) -> None:
    settings.EXPENSIVE_FROM_EUR = 10
    cast.petit_3b()
    cast.grand_70b().endpoints.update(price_out_eur=10)
    assert {player.slug: player.is_costly for player in candidate_pool()} == {
        "petit-3b": False,
        "grand-70b": True,
    }


def test_a_model_whose_facts_contradict_themselves_is_left_out(client: Client) -> None:
    """An undisclosed model that a curator enabled before writing its hypothesis."""
    cast.petit_3b()
    cast.grand_70b()
    cast.secret(hypothesis_low_b=None, hypothesis_high_b=None)
    assert {player.slug for player in candidate_pool()} == {"petit-3b", "grand-70b"}
    assert client.get("/").status_code == 200
    assert client.post("/duels/", {"prompt": "Bonjour"}).status_code == 303


def test_the_draw_knows_the_votes_that_were_noted() -> None:
    petit, grand = cast.petit_3b(), cast.grand_70b()
    store_vote_counts({petit.pk: 12})
    store_vote_counts({petit.pk: 3_500})
    votes = {player.slug: player.candidate.votes for player in candidate_pool()}
    assert votes == {petit.slug: 3_500, grand.slug: 0}
