"""How often something may be done: allowances that are spent in Redis and refill evenly.

The generic cell rate algorithm (ITU-T I.371): of each subject one moment is kept, the one at which its
allowance will be whole again. Its key expires then, so that nothing is remembered of who asks seldom.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import redis

PREFIX = "limit"
# All or nothing: a claim that one allowance refuses costs the others nothing.
# ARGV: the time in seconds, then per key the seconds that one claim takes and those of the whole allowance.
TAKE = """
local now, whole, refused, longest = tonumber(ARGV[1]), {}, 0, 0.000001
for i, key in ipairs(KEYS) do
  whole[i] = math.max(tonumber(redis.call('GET', key) or 0), now) + tonumber(ARGV[2 * i])
  local wait = whole[i] - tonumber(ARGV[2 * i + 1]) - now
  if wait > longest then refused, longest = i, wait end
end
if refused == 0 then
  for i, key in ipairs(KEYS) do
    redis.call('SET', key, string.format('%.6f', whole[i]), 'PX', math.ceil((whole[i] - now) * 1000))
  end
end
return {refused, string.format('%.6f', longest)}
"""


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most `count` at once, then one more each time `seconds / count` have passed; 0 sets no limit."""

    name: str
    count: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Charge:
    """One subject wants to do it `times` times."""

    allowance: RateLimit
    subject: str
    times: int = 1

    @property
    def key(self) -> str:
        return f"{PREFIX}:{self.allowance.name}:{self.subject}"

    @property
    def is_limited(self) -> bool:
        return self.allowance.count > 0 and self.times > 0

    @property
    def refill_seconds(self) -> float:
        """How long the allowance takes to forget this claim."""
        return self.times * self.allowance.seconds / self.allowance.count


@dataclass(frozen=True, slots=True)
class LimitExceeded:
    """The allowance that is spent, and when to come back."""

    name: str
    wait_seconds: int


def consume(client: redis.Redis, claims: Sequence[Charge], now: float) -> LimitExceeded | None:
    """Spends every claim, or none and tells the one to wait longest for; `now` in seconds, any epoch."""
    limited = [claim for claim in claims if claim.is_limited]
    if not limited:
        return None
    times = [value for claim in limited for value in (claim.refill_seconds, claim.allowance.seconds)]
    refused, wait = client.register_script(TAKE)(keys=[claim.key for claim in limited], args=[now, *times])
    if not refused:
        return None
    return LimitExceeded(limited[int(refused) - 1].allowance.name, math.ceil(float(wait)))


def reset(client: redis.Redis, claims: Sequence[Charge]) -> None:
    """Makes the allowances of these subjects whole again."""
    client.delete(*(claim.key for claim in claims))
