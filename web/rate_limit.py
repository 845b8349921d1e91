"""Rate limits in Redis by the generic cell rate algorithm (GCRA, ITU-T I.371).

One key per limit and subject holds the time at which its allowance is full again, and expires then.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import redis

PREFIX = "limit"
# Consumes all charges or none. KEYS: one per charge. ARGV: the time in seconds, then for each key the seconds
# that its charge takes to refill and those that the whole allowance takes.
# Returns the number of the charge with the longest wait (0: none was refused) and that wait in seconds.
CONSUME = """
local now, full_at, refused, longest = tonumber(ARGV[1]), {}, 0, 0.000001
for i, key in ipairs(KEYS) do
  full_at[i] = math.max(tonumber(redis.call('GET', key) or 0), now) + tonumber(ARGV[2 * i])
  local wait = full_at[i] - tonumber(ARGV[2 * i + 1]) - now
  if wait > longest then refused, longest = i, wait end
end
if refused == 0 then
  for i, key in ipairs(KEYS) do
    redis.call('SET', key, string.format('%.6f', full_at[i]), 'PX', math.ceil((full_at[i] - now) * 1000))
  end
end
return {refused, string.format('%.6f', longest)}
"""


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most `count` at once, then one more after every `seconds / count`; a count of 0 sets no limit."""

    name: str
    count: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Charge:
    """What one action consumes of a limit: `times` units for this subject (a visitor, an address)."""

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


def consume(client: redis.Redis, charges: Sequence[Charge], now: float) -> LimitExceeded | None:
    """Consume every charge, or none when one exceeds its limit. now: seconds since any epoch."""
    limited = [charge for charge in charges if charge.is_limited]
    if not limited:
        return None
    seconds = [value for charge in limited for value in (charge.refill_seconds, charge.limit.seconds)]
    keys = [charge.key for charge in limited]
    refused, wait = client.register_script(CONSUME)(keys=keys, args=[now, *seconds])
    if not refused:
        return None
    return LimitExceeded(limited[int(refused) - 1].limit.name, math.ceil(float(wait)))


def reset(client: redis.Redis, charges: Sequence[Charge]) -> None:
    """Give these subjects their whole allowance back."""
    client.delete(*(charge.key for charge in charges))
