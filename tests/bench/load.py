"""Load: N visitors at once, each with one duel after another, and what each received."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from html import unescape

from tests.bench.text import ages_seconds, without_stamps, written
from tests.bench.upstream import LOOPBACK
from tests.bench.wire import Visit

DUEL_SECONDS = 60  # a duel that takes longer, beyond what its models take, is an error


@dataclass(frozen=True, slots=True)
class Pace:
    """Speed and length of the answers of a run."""

    tokens: int = 200
    delay_ms: int = 20
    first_ms: int = 100

    @property
    def seconds(self) -> float:
        return (self.first_ms + (self.tokens - 1) * self.delay_ms) / 1000

    def prompt(self) -> str:
        wishes = f"tokens={self.tokens} delay_ms={self.delay_ms} first_ms={self.first_ms}"
        return f"Pourquoi le ciel est-il bleu ? {wishes}"


MUTE = "Pourquoi le ciel est-il bleu ? mute=1"


@dataclass(slots=True)
class Seen:
    """The events that one visitor received of one duel; seconds."""

    first_words: list[float] = field(default_factory=list)  # per side, from the click, less the model's own
    delays: list[float] = field(default_factory=list)  # age of each stamp when it came
    texts: dict[str, str] = field(default_factory=lambda: {"a": "", "b": ""})
    bytes_in: int = 0
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """All that was received, and the tokens behind it."""

    seen: list[Seen]
    pace: Pace
    wall_seconds: float

    @property
    def tokens(self) -> int:
        return 2 * self.pace.tokens * len(self.seen)

    @property
    def faults(self) -> Counter[str]:
        return Counter(duel.fault for duel in self.seen if duel.fault)


Play = Callable[[int, Pace, Seen], Awaitable[None]]  # a port, what to ask, where to note


async def run(port: int, visitors: int, rounds: int, pace: Pace, play: Play) -> Run:
    """Visitors arrive over the time of one duel; each starts its next duel when the last has ended."""
    started = time.monotonic()

    async def visitor(number: int) -> list[Seen]:
        await asyncio.sleep(pace.seconds * number / visitors)
        return [await _noted(port, pace, play) for _ in range(rounds)]

    duels = await asyncio.gather(*(visitor(number) for number in range(visitors)))
    return Run([seen for own in duels for seen in own], pace, time.monotonic() - started)


async def _noted(port: int, pace: Pace, play: Play) -> Seen:
    """One duel; a fault is recorded and does not end the run."""
    seen = Seen()
    try:
        async with asyncio.timeout(pace.seconds + DUEL_SECONDS):
            await play(port, pace, seen)
    except (OSError, EOFError, TimeoutError) as error:
        seen.fault = f"{type(error).__name__}: {error}"
    else:
        if any(without_stamps(text) != written(pace.tokens) for text in seen.texts.values()):
            seen.fault = "the text is not the model's"
    return seen


async def duel(port: int, pace: Pace, seen: Seen, address: str = LOOPBACK) -> None:
    """Home, question, page with its vote, stream to its end: a browser's requests but for static files."""
    visit = Visit(port, address)
    try:
        await visit.get("/")
        asked = time.monotonic()
        address = await opened(visit, pace.prompt())
        page = await visit.get(address)
        await _follow(visit.stream(f"{address}turns/1/stream/"), asked, pace, seen)
        if 'name="choice"' not in page.text:
            raise ConnectionError("no vote is offered")
    finally:
        seen.bytes_in = visit.bytes_in
        visit.close()


async def opened(visit: Visit, prompt: str) -> str:
    """The address of a new duel."""
    response = await visit.post("/duels/", {"prompt": prompt, "mode": "random"})
    if response.status != 303:
        raise ConnectionError(f"no duel: {response.status}")
    return response.headers["location"]


async def relayed(port: int, pace: Pace, seen: Seen) -> None:
    """The same two answers through the bare relay."""
    visit = Visit(port)
    try:
        events = visit.stream("/duels/", pace.prompt().encode())
        await _follow(events, time.monotonic(), pace, seen)
    finally:
        seen.bytes_in = visit.bytes_in
        visit.close()


async def _follow(events: AsyncIterator[str], asked: float, pace: Pace, seen: Seen) -> None:
    async for event in events:
        name, _, rest = event.removeprefix("event: ").partition("\n")
        side, _, kind = name.partition("-")
        if kind == "chunk":
            if not seen.texts[side]:
                seen.first_words.append(time.monotonic() - asked - pace.first_ms / 1000)
            text = data_of(rest)
            seen.delays.extend(ages_seconds(text))
            seen.texts[side] += text
        elif kind == "failed":
            raise ConnectionError(f"side {side} failed")


def data_of(fields: str) -> str:
    """The text in the data lines of an event."""
    lines = [line for line in fields.split("\n") if line.startswith("data:")]
    return unescape("\n".join(line[5:].removeprefix(" ") for line in lines))
