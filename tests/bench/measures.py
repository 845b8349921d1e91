"""Measures of the bench, one function per question."""

import asyncio
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import uvloop

from tests.bench import load
from tests.bench.accounting import Taken, all_taken, cpu_between
from tests.bench.load import Pace, Run
from tests.bench.platform import SERVER, Platform
from tests.bench.wire import Visit

DUELS_AT_LEAST = 10  # of one run, so that a median is one
ROUNDS = 3
PAGES = ("/", "/modeles/", "/modeles/deepseek-v3/", "/classement/", "/classement/duels/")
PAGE_VISITS = 40


@dataclass(frozen=True, slots=True)
class Measured:
    """A run, the CPU of each process for it, and the memory of each at its end."""

    run: Run
    cpu_seconds: dict[str, float]
    held: dict[str, Taken]

    def cpu_per_1000_tokens(self, *names: str) -> float:
        return sum(self.cpu_seconds[name] for name in names) / self.run.tokens * 1000

    @property
    def server(self) -> float:
        """CPU-seconds per 1,000 tokens of web, worker, Valkey and PostgreSQL."""
        return self.cpu_per_1000_tokens(*SERVER)


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that so many percent do not exceed, between neighbours in proportion; nan without any."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    place = (len(ordered) - 1) * percent / 100
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def rounds_for(visitors: int) -> int:
    return max(ROUNDS, DUELS_AT_LEAST // visitors)


def duels(platform: Platform, visitors: int, pace: Pace, rounds: int | None = None) -> Measured:
    """The platform under that many duels at once."""
    return _measured(platform, platform.web_port, visitors, pace, load.duel, rounds)


def relayed(platform: Platform, visitors: int, pace: Pace) -> Measured:
    """The bare relay under as many."""
    return _measured(platform, platform.relay_port, visitors, pace, load.relayed, 1)


def _measured(
    platform: Platform, port: int, visitors: int, pace: Pace, play: load.Play, rounds: int | None
) -> Measured:
    before = all_taken(platform.pids)
    run = uvloop.run(load.run(port, visitors, rounds or rounds_for(visitors), pace, play))
    after = all_taken(platform.pids)
    return Measured(run, cpu_between(before, after), after)


def warm(platform: Platform) -> None:
    """Costs of the first duels only: imports, templates, connections."""
    duels(platform, 8, Pace(tokens=20), rounds=2)


def beside_the_dead(platform: Platform, dead: int, visitors: int, pace: Pace) -> Measured:
    """Visitors of models that answer, while `dead` duels wait for models that never do."""

    async def wait_for_nothing() -> list[Visit]:
        visits = [Visit(platform.web_port) for _ in range(dead)]
        for visit in visits:
            await visit.get("/")
            await load.opened(visit, load.MUTE)
            visit.close()
        return visits

    asyncio.run(wait_for_nothing())
    return duels(platform, visitors, pace, rounds=1)


def pages(platform: Platform) -> dict[str, tuple[float, int]]:
    """Median milliseconds from request to last byte, one visitor alone, and compressed bytes, by address."""
    return {path: asyncio.run(_page(platform.web_port, path)) for path in PAGES}


async def _page(port: int, path: str) -> tuple[float, int]:
    visit, clock = Visit(port), asyncio.get_running_loop().time
    times = []
    for _ in range(PAGE_VISITS):
        before, started = visit.bytes_in, clock()
        response = await visit.get(path)
        times.append(clock() - started)
        if response.status != 200:
            raise ConnectionError(f"{path}: {response.status}")
    visit.close()
    return statistics.median(times) * 1000, visit.bytes_in - before
