"""A slot is taken once, given back once, forgotten in time; who holds much leaves some to others."""

from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
import redis

from web.concurrency_slots import PREFIX, Slot, acquire, release

NOON = 2_000_000_000.0  # later than the clock of the server, which forgets keys by it
CAPACITY = 400


def take(client: redis.Redis, holder: str, *slots: Slot, now: float = NOON, capacity: int = CAPACITY) -> str:
    """The name of the slot that is refused; empty when all are taken."""
    refused = acquire(client, holder, slots, capacity=capacity, now=now, seconds=60)
    return refused.name if refused else ""


def test_a_slot_is_free_again_once_it_is_released_or_forgotten(valkey_client: redis.Redis) -> None:
    one = Slot("address", "x", 1)
    assert take(valkey_client, "first", one) == ""
    assert take(valkey_client, "first", one) == ""  # the same holder takes it once
    assert take(valkey_client, "second", one) == "address"
    release(valkey_client, "first")
    assert take(valkey_client, "second", one) == ""
    assert take(valkey_client, "third", one, now=NOON + 59) == "address"
    assert take(valkey_client, "third", one, now=NOON + 61) == ""


def test_a_refusal_takes_no_slot_at_all(valkey_client: redis.Redis) -> None:
    full, free = Slot("visitor", "x", 1), Slot("address", "y", 1)
    take(valkey_client, "first", full)
    assert take(valkey_client, "second", free, full) == "visitor"
    assert take(valkey_client, "third", free) == ""


def test_of_fifty_at_once_no_more_are_let_in_than_there_are_slots(valkey_client: redis.Redis) -> None:
    with ThreadPoolExecutor(50) as pool:
        refused = list(pool.map(lambda n: take(valkey_client, str(n), Slot("address", "x", 8)), range(50)))
    assert refused.count("") == 8


@pytest.mark.slow
@pytest.mark.parametrize("attackers", [1, 10, 100])
def test_however_many_addresses_take_all_they_can_another_one_is_let_in(
    valkey_client: redis.Redis, attackers: int
) -> None:
    number = count()
    slots = [Slot("address", str(address), 60, 0.25) for address in range(attackers)]
    while "" in [take(valkey_client, str(next(number)), slot) for slot in slots]:
        pass  # one of them was let in: all try once more
    held = valkey_client.zcard(f"{PREFIX}:all")
    assert held < CAPACITY
    assert take(valkey_client, "honest", Slot("address", "honest", 60, 0.25)) == ""
