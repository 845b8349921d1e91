"""Limits in Redis on what runs at the same time: each running thing holds one slot of every limit.

One sorted set per limit and subject holds the names of what runs, scored by the time at which each is
forgotten where nothing has released it. A limit may depend on what is left of the whole: the more runs
already, the less one subject may hold, so that some capacity is always left for others.
Source: Choudhury and Hahne 1998, "Dynamic queue length thresholds for shared-memory packet switches".
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import redis

PREFIX = "running"
LEAST_SHARE = 2  # what a subject may hold however full the whole is
# KEYS: the holder's own set, the set of all that runs, then one per slot. ARGV: now, when the holder is
# forgotten, its name, the capacity, then the count and the share of each slot. Returns the number of the slot
# that is refused, 0 when all are taken.
ACQUIRE = """
local now, name, refused = tonumber(ARGV[1]), ARGV[3], 0
for i = 2, #KEYS do redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', now) end
local free = tonumber(ARGV[4]) - redis.call('ZCARD', KEYS[2])
for i = 3, #KEYS do
  local count, share = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  local most = count > 0 and count or math.huge
  if share > 0 then most = math.min(most, math.max(LEAST, math.floor(free * share))) end
  if refused == 0 and redis.call('ZCARD', KEYS[i]) >= most and not redis.call('ZSCORE', KEYS[i], name) then
    refused = i - 2
  end
end
if refused == 0 then
  for i = 2, #KEYS do
    redis.call('ZADD', KEYS[i], ARGV[2], name)
    redis.call('EXPIREAT', KEYS[i], math.ceil(tonumber(ARGV[2])))
    redis.call('SADD', KEYS[1], KEYS[i])
  end
  redis.call('EXPIREAT', KEYS[1], math.ceil(tonumber(ARGV[2])))
end
return refused
""".replace("LEAST", str(LEAST_SHARE))
RELEASE = """
for _, key in ipairs(redis.call('SMEMBERS', KEYS[1])) do redis.call('ZREM', key, ARGV[1]) end
redis.call('DEL', KEYS[1])
"""


@dataclass(frozen=True, slots=True)
class Slot:
    """One of at most `count` slots of this subject (0: no limit of its own), and of at most `share` of what
    is left of the capacity (0: whatever is left)."""

    name: str
    subject: str
    count: int
    share: float = 0.0

    @property
    def key(self) -> str:
        return f"{PREFIX}:{self.name}:{self.subject}"


def acquire(
    client: redis.Redis, holder: str, slots: Sequence[Slot], *, capacity: int, now: float, seconds: float
) -> Slot | None:
    """Take every slot for `seconds` at most, or none; the slot that is refused.

    holder: names what runs; it takes no slot twice. capacity: how many may run in all; only shares depend
    on it.
    """
    numbers = [number for slot in slots for number in (slot.count, slot.share)]
    keys = [_holder_key(holder), f"{PREFIX}:all", *(slot.key for slot in slots)]
    arguments = [now, math.ceil(now + seconds), holder, capacity, *numbers]
    refused = client.register_script(ACQUIRE)(keys=keys, args=arguments)
    return slots[int(refused) - 1] if refused else None


def release(client: redis.Redis, holder: str) -> None:
    """Give every slot of the holder back."""
    client.register_script(RELEASE)(keys=[_holder_key(holder)], args=[holder])


def held_slots(client: redis.Redis, holder: str) -> dict[str, str]:
    """The subjects of what a holder holds, by the names of their limits, one of each."""
    keys = (str(key).split(":", 2) for key in client.smembers(_holder_key(holder)))
    return {key[1]: key[2] for key in keys if len(key) == 3}


def _holder_key(holder: str) -> str:
    return f"{PREFIX}:holder:{holder}"
