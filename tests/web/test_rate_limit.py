"""A limit grants a burst, then an even trickle; charges are consumed together or not at all."""

import pytest
import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from web.rate_limit import PREFIX, Charge, LimitExceeded, RateLimit, consume, has_room, reset

HOURLY = RateLimit("hourly", count=60, seconds=3600)
NOON = 1_000_000.25


def consume_times(
    client: redis.Redis, charge: Charge, times: int, now: float = NOON
) -> list[LimitExceeded | None]:
    return [consume(client, [charge], now) for _ in range(times)]


def test_the_whole_allowance_may_be_spent_at_once_and_no_more(valkey_client: redis.Redis) -> None:
    answers = consume_times(valkey_client, Charge(HOURLY, "x"), 61)
    assert answers == [None] * 60 + [LimitExceeded("hourly", 60)]


def test_after_the_wait_one_more_is_granted(valkey_client: redis.Redis) -> None:
    charge = Charge(HOURLY, "x")
    refusal = consume_times(valkey_client, charge, 61)[-1]
    assert refusal
    assert consume(valkey_client, [charge], NOON + refusal.wait_seconds - 1) == LimitExceeded("hourly", 1)
    assert consume(valkey_client, [charge], NOON + refusal.wait_seconds) is None
    assert consume(valkey_client, [charge], NOON + refusal.wait_seconds) == LimitExceeded("hourly", 60)


def test_an_hour_later_the_allowance_is_whole(valkey_client: redis.Redis) -> None:
    consume_times(valkey_client, Charge(HOURLY, "x"), 60)
    assert consume_times(valkey_client, Charge(HOURLY, "x"), 60, NOON + 3600) == [None] * 60


def test_room_is_checked_without_being_taken(valkey_client: redis.Redis) -> None:
    charge = Charge(HOURLY, "x")
    free = [has_room(valkey_client, charge, NOON) for _ in range(3)]
    consume_times(valkey_client, charge, 59)
    free.append(has_room(valkey_client, charge, NOON))
    consume(valkey_client, [charge], NOON)
    assert free == [True] * 4
    assert not has_room(valkey_client, charge, NOON + 59)
    assert has_room(valkey_client, charge, NOON + 60)


def test_each_subject_has_its_own(valkey_client: redis.Redis) -> None:
    consume_times(valkey_client, Charge(HOURLY, "x"), 60)
    assert consume(valkey_client, [Charge(HOURLY, "y")], NOON) is None


def test_a_refused_charge_costs_the_other_allowances_nothing(valkey_client: redis.Redis) -> None:
    daily = RateLimit("daily", count=1, seconds=86_400)
    both = [Charge(HOURLY, "x"), Charge(daily, "all")]
    assert consume(valkey_client, both, NOON) is None
    assert [consume(valkey_client, both, NOON) for _ in range(80)] == [LimitExceeded("daily", 86_400)] * 80
    assert consume_times(valkey_client, Charge(HOURLY, "x"), 60) == [None] * 59 + [
        LimitExceeded("hourly", 60)
    ]


def test_of_two_spent_allowances_the_longer_wait_is_given(valkey_client: redis.Redis) -> None:
    short, long = RateLimit("short", 1, 60), RateLimit("long", 1, 600)
    both = [Charge(long, "x"), Charge(short, "x")]
    consume(valkey_client, both, NOON)
    assert consume(valkey_client, both, NOON) == LimitExceeded("long", 600)


def test_a_charge_may_count_twice_or_not_at_all(valkey_client: redis.Redis) -> None:
    pair = RateLimit("pair", 2, 60)
    assert consume(valkey_client, [Charge(pair, "x", times=2)], NOON) is None
    assert consume(valkey_client, [Charge(pair, "x", times=0)], NOON) is None
    assert consume(valkey_client, [Charge(pair, "x")], NOON) == LimitExceeded("pair", 30)


def test_zero_sets_no_limit_and_stores_nothing(valkey_client: redis.Redis) -> None:
    assert consume_times(valkey_client, Charge(RateLimit("free", 0, 60), "x"), 100) == [None] * 100
    assert not valkey_client.keys(f"{PREFIX}:*")


def test_a_key_expires_when_the_allowance_is_whole(valkey_client: redis.Redis) -> None:
    consume(valkey_client, [Charge(HOURLY, "x")], NOON)
    (key,) = valkey_client.keys(f"{PREFIX}:*")
    assert 0 < valkey_client.pttl(key) <= 60_000


def test_a_reset_subject_starts_anew(valkey_client: redis.Redis) -> None:
    charge = Charge(HOURLY, "x")
    consume_times(valkey_client, charge, 60)
    reset(valkey_client, [charge])
    assert consume(valkey_client, [charge], NOON) is None


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.floats(0, 30), min_size=1, max_size=40), count=st.integers(1, 7))
def test_no_rhythm_gets_more_than_a_burst_and_its_share_of_the_time(
    valkey_client: redis.Redis, steps: list[float], count: int
) -> None:
    charge = Charge(RateLimit("any", count, 60), "x")
    reset(valkey_client, [charge])
    now, granted = NOON, 0
    for step in steps:
        now += step
        granted += consume(valkey_client, [charge], now) is None
    assert granted <= count + (now - NOON) * count / 60 + 1e-3


def test_the_client_of_the_pages_may_decode_its_answers(
    valkey_server: str, valkey_client: redis.Redis
) -> None:
    with redis.Redis.from_url(valkey_server, decode_responses=True) as client:
        assert consume_times(client, Charge(HOURLY, "z"), 61)[-1] == LimitExceeded("hourly", 60)


@pytest.mark.parametrize("count", [1, 3, 7, 1000, 6000])
def test_rounding_never_costs_one_of_the_burst(valkey_client: redis.Redis, count: int) -> None:
    charge = Charge(RateLimit("burst", count, 3600), "x")
    answers = consume_times(valkey_client, charge, min(count, 200), 1_795_412_345.123456)
    assert answers == [None] * min(count, 200)
