"""Rate limits in Redis by the generic cell rate algorithm (GCRA, ITU-T I.371).

One key per limit and subject holds the time at which its allowance is full again, and expires then.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import redis

PREFIX = "limit"
# Consumes all charges or none. KEYS: one per charge. ARGV: the time in seconds, then for each key the seconds
# that its charge takes to refill and those that the whole allowance takes.
# Returns the number of the charge with the longest wait (0: none was refused), that wait in seconds, then for
# each key the seconds until its allowance is full again.
CONSUME = """
local now, full_at, refused, longest = tonumber(ARGV[1]), {}, 0, 0.000001
for i, key in ipairs(KEYS) do
  full_at[i] = math.max(tonumber(redis.call('GET', key) or 0), now) + tonumber(ARGV[2 * i])
  local wait = full_at[i] - tonumber(ARGV[2 * i + 1]) - now
  if wait > longest then refused, longest = i, wait end
end
local reply = {refused, string.format('%.6f', longest)}
for i, key in ipairs(KEYS) do
  if refused == 0 then
    redis.call('SET', key, string.format('%.6f', full_at[i]), 'PX', math.ceil((full_at[i] - now) * 1000))
  else
    full_at[i] = full_at[i] - tonumber(ARGV[2 * i])
  end
  reply[i + 2] = string.format('%.6f', full_at[i] - now)
end
return reply
"""


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most `count` at once, then one more after every `seconds / count`; a count of 0 sets no limit."""

    name: str
    count: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Charge:
    """The charge of one action on a limit: `times` units for this subject (a visitor, an address)."""

    limit: RateLimit
    subject: str
    times: int = 1

    @property
    def key(self) -> str:
        return f"{PREFIX}:{self.limit.name}:{self.subject}"

    @property
    def is_limited(self) -> bool:
        return self.limit.count > 0 and self.times > 0

    @property
    def refill_seconds(self) -> float:
        """Until the allowance has recovered from this charge."""
        return self.times * self.limit.seconds / self.limit.count


@dataclass(frozen=True, slots=True)
class LimitExceeded:
    """The name of the limit with the longest wait, and that wait."""

    name: str
    wait_seconds: int


@dataclass(frozen=True, slots=True)
class Allowance:
    """How often one subject may still act at once, and when all of its allowance is back."""

    limit: RateLimit
    remaining: int
    full_in_seconds: int


def consume(client: redis.Redis, charges: Sequence[Charge], now: float) -> LimitExceeded | None:
    """Consume every charge, or none when one exceeds its limit. now: seconds since any epoch."""
    return consume_and_count(client, charges, now)[0]


def consume_and_count(
    client: redis.Redis, charges: Sequence[Charge], now: float
) -> tuple[LimitExceeded | None, list[Allowance]]:
    """The same, with what is left of each limit afterwards; a charge without a limit is left out."""
    limited = [charge for charge in charges if charge.is_limited]
    if not limited:
        return None, []
    seconds = [value for charge in limited for value in (charge.refill_seconds, charge.limit.seconds)]
    keys = [charge.key for charge in limited]
    refused, wait, *full_in = client.register_script(CONSUME)(keys=keys, args=[now, *seconds])
    left = [_allowance(charge, float(full)) for charge, full in zip(limited, full_in, strict=True)]
    if not refused:
        return None, left
    return LimitExceeded(limited[int(refused) - 1].limit.name, math.ceil(float(wait))), left


def has_room(client: redis.Redis, charge: Charge, now: float) -> bool:
    """Whether the charge would be taken; nothing is consumed."""
    full_at = max(float(cast(bytes | None, client.get(charge.key)) or 0), now) + charge.refill_seconds
    return full_at - now <= charge.limit.seconds + 1e-6


def _allowance(charge: Charge, full_in_seconds: float) -> Allowance:
    """The rest where the allowance is whole again in so many seconds; microseconds are rounding."""
    limit = charge.limit
    free = (limit.seconds - full_in_seconds) * limit.count / limit.seconds
    return Allowance(limit, max(0, math.floor(free + 1e-6)), math.ceil(full_in_seconds))


def reset(client: redis.Redis, charges: Sequence[Charge]) -> None:
    """Give these subjects their whole allowance back."""
    client.delete(*(charge.key for charge in charges))
