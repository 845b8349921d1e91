"""Failures of an endpoint: longer and longer pauses, each ended by a single probe."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from models_registry.models import Endpoint, Health, LanguageModel
from tests.cast import NOWHERE, petit_3b

pytestmark = pytest.mark.django_db


class Clock:
    """A time that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 5, 4, 12, tzinfo=timezone.get_current_timezone())

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **duration: float) -> None:
        self.now += timedelta(**duration)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("django.utils.timezone.now", clock)
    return clock


@pytest.fixture
def endpoint() -> Endpoint:
    return petit_3b().endpoints.get()


def stored(endpoint: Endpoint) -> Endpoint:
    """The endpoint, read again."""
    return Endpoint.objects.get(pk=endpoint.pk)


def fail(endpoint: Endpoint, times: int = 1) -> None:
    for _ in range(times):
        loaded = stored(endpoint)
        loaded.acquire_probe()
        loaded.record_failure("silent: nothing came")


def pause(endpoint: Endpoint, clock: Clock) -> timedelta:
    until = stored(endpoint).paused_until
    assert until
    return until - clock.now


def test_two_failures_do_not_pause(endpoint: Endpoint, clock: Clock) -> None:
    fail(endpoint, times=2)
    assert stored(endpoint).paused_until is None
    assert stored(endpoint).health == Health.FAILING
    assert LanguageModel.objects.playable().exists()


def test_three_failures_in_a_row_pause_and_the_model_is_no_longer_drawn(
    endpoint: Endpoint, clock: Clock
) -> None:
    fail(endpoint, times=3)
    assert pause(endpoint, clock) == Endpoint.FIRST_PAUSE
    assert stored(endpoint).health == Health.PAUSED
    assert stored(endpoint).last_error == "silent: nothing came"
    assert not LanguageModel.objects.playable().exists()


def test_a_success_in_between_starts_the_count_again(endpoint: Endpoint, clock: Clock) -> None:
    fail(endpoint, times=2)
    stored(endpoint).record_success(120)
    fail(endpoint, times=2)
    assert stored(endpoint).paused_until is None


def test_each_probe_that_fails_doubles_the_pause_up_to_an_hour(endpoint: Endpoint, clock: Clock) -> None:
    fail(endpoint, times=3)
    pauses = []
    for _ in range(9):
        pauses.append(pause(endpoint, clock))
        clock.advance(seconds=pauses[-1].total_seconds())
        fail(endpoint)
    seconds = [each.total_seconds() for each in pauses]
    assert seconds == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]


@pytest.mark.parametrize(
    ("retry_after_seconds", "paused_seconds"), [(None, 30), (5.0, 30), (90.0, 90), (86_400.0, 3_600)]
)
def test_a_server_that_asks_to_be_left_alone_for_longer_is_for_an_hour_at_most(
    endpoint: Endpoint, clock: Clock, retry_after_seconds: float | None, paused_seconds: int
) -> None:
    fail(endpoint, times=2)
    stored(endpoint).record_failure("rate_limited: slow down", retry_after_seconds)
    assert pause(endpoint, clock).total_seconds() == paused_seconds


@pytest.mark.parametrize(("asked_seconds", "paused_seconds"), [(0.2, None), (17.0, 17), (86_400.0, 3_600)])
def test_a_server_that_asks_to_be_left_alone_is_from_the_first_time(
    endpoint: Endpoint, clock: Clock, asked_seconds: float, paused_seconds: int | None
) -> None:
    endpoint.record_failure("rate_limited: slow down", asked_seconds)
    until = stored(endpoint).paused_until
    assert (until and pause(endpoint, clock).total_seconds()) == paused_seconds


def test_after_a_pause_one_caller_probes_and_the_others_pass_on(endpoint: Endpoint, clock: Clock) -> None:
    fail(endpoint, times=3)
    clock.advance(seconds=30)
    one, other = stored(endpoint), stored(endpoint)
    assert LanguageModel.objects.playable().exists()
    assert (one.acquire_probe(), other.acquire_probe()) == (True, False)
    assert not LanguageModel.objects.playable().exists()  # until the probe has answered


def test_a_probe_that_answers_brings_the_endpoint_back(endpoint: Endpoint, clock: Clock) -> None:
    fail(endpoint, times=3)
    clock.advance(seconds=30)
    probe = stored(endpoint)
    assert probe.acquire_probe()
    probe.record_success(95)
    healed = stored(endpoint)
    assert (healed.consecutive_failures, healed.paused_until, healed.last_error) == (0, None, "")
    assert (healed.health, healed.ttft_ms) == (Health.ANSWERS, 95)


def test_a_probe_that_never_came_back_leaves_room_for_another(endpoint: Endpoint, clock: Clock) -> None:
    fail(endpoint, times=3)
    clock.advance(seconds=30)
    assert stored(endpoint).acquire_probe()
    clock.advance(seconds=endpoint.timeout_seconds)
    assert stored(endpoint).acquire_probe()


def test_many_requests_under_way_when_a_server_falls_count_as_one_outage(
    endpoint: Endpoint, clock: Clock
) -> None:
    under_way = [stored(endpoint) for _ in range(20)]
    for loaded in under_way:
        loaded.record_failure("unreachable: connection refused")
    assert stored(endpoint).consecutive_failures == Endpoint.FAILURES_BEFORE_PAUSE
    assert pause(endpoint, clock) == Endpoint.FIRST_PAUSE


def test_a_failure_of_an_endpoint_removed_meanwhile_is_ignored(endpoint: Endpoint) -> None:
    loaded = stored(endpoint)
    endpoint.delete()
    loaded.record_failure("cut: gone")
    assert not Endpoint.objects.exists()


@pytest.mark.slow
def test_the_preferred_endpoint_comes_first_and_the_next_is_not_taken_for_nothing(
    endpoint: Endpoint, clock: Clock
) -> None:
    fail(endpoint, times=3)
    clock.advance(seconds=30)
    spare = Endpoint.objects.create(
        model=endpoint.model, base_url=NOWHERE, provider_model="spare", priority=1
    )
    available = Endpoint.objects.acquire_each()
    assert next(available) == spare
    assert stored(endpoint).acquire_probe()  # nobody has taken its probe


def test_a_disabled_endpoint_is_never_asked(endpoint: Endpoint) -> None:
    Endpoint.objects.update(enabled=False)
    assert list(Endpoint.objects.acquire_each()) == []
    assert stored(endpoint).health == Health.OFF
    assert not LanguageModel.objects.playable().exists()


def test_an_endpoint_without_a_question_yet_says_so(endpoint: Endpoint) -> None:
    assert stored(endpoint).health == Health.UNTRIED


@pytest.mark.parametrize(
    "restriction",
    [
        {"enabled": False},
        {"api_key_env": "CONSO_KEY_NOBODY_SET"},
        {"paused_until": datetime(2026, 1, 1, tzinfo=UTC)},
        {"daily_cap_eur": 0.0},
    ],
)
def test_what_is_neither_off_paused_nor_capped_is_used_without_asking_the_database(
    endpoint: Endpoint, restriction: dict[str, object]
) -> None:
    assert endpoint.is_unrestricted
    for field, value in restriction.items():
        setattr(endpoint, field, value)
    assert not endpoint.is_unrestricted
