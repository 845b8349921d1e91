"""`python -m tests.bench.room`: a workshop of 300 participants, then of 1,000, on the production processes.

Prints how long joining, a change of phase and votes take, how many votes are counted, the bytes that a
participant receives in a round, static files apart, and what a duel beside the room is delayed. About four
minutes.
"""

import asyncio
import multiprocessing
import os
import re
import resource
import shutil
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import aiohttp

from conso_duel.embedded.processes import ProcessGroup
from tests.bench import load, platform
from tests.bench.load import Pace
from tests.bench.measures import percentile

SIZES = (300, 1_000)
JOIN_SECONDS, VOTE_SECONDS = 30.0, 5.0
SETTLE_SECONDS = 2.0
ANSWERS_SECONDS = 60
VERSION = re.compile(r'data-version="(\d+)"')
PRESSES_AFTER_THE_VOTE = 8
DUELS_ALONE, DUELS_BESIDE = 5, 18  # one after the other; beside a room, about as long as it plays


@dataclass(slots=True)
class Browser:
    """One browser without a browser: its cookies, and what its stream has brought."""

    session: aiohttp.ClientSession
    site: str
    cookies: dict[str, str] = field(default_factory=dict)
    bytes_in: int = 0
    seen: dict[int, float] = field(default_factory=dict)  # when each version of the workshop came

    async def ask(self, path: str, **fields: str) -> tuple[int, str, str]:
        """Status, address and text of a page, or of a form with the token of its cookie."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if fields:
            # Its name is a longer one where only TLS carries it.
            token = next(value for name, value in self.cookies.items() if name.endswith("csrftoken"))
            fields["csrfmiddlewaretoken"] = token
        request = self.session.post if fields else self.session.get
        options = {"data": fields} if fields else {}
        async with request(self.site + path, headers=headers, allow_redirects=False, **options) as response:
            self.cookies |= {name: morsel.value for name, morsel in response.cookies.items()}
            body = await response.read()
            self.bytes_in += len(body)
            return response.status, response.headers.get("Location", ""), body.decode()

    async def follow(self, path: str) -> None:
        """Read the stream of a view until it is cancelled."""
        async with self.session.get(self.site + path, timeout=aiohttp.ClientTimeout(total=None)) as response:
            async for line in response.content:
                self.bytes_in += len(line)
                if found := VERSION.search(line.decode()):
                    self.seen.setdefault(int(found[1]), time.monotonic())


@dataclass(slots=True)
class Room:
    """A workshop, its facilitator and its participants."""

    code: str
    lead: Browser
    guests: list[Browser]
    version: int = 1
    delays: list[float] = field(default_factory=list)  # of every participant and change of phase

    async def press(self, name: str, **fields: str) -> bool:
        """Send a command; False where it is refused. Notes when each participant saw the change."""
        pressed_at, before = time.monotonic(), self.version
        path = f"/ateliers/{self.code}/pilote/commande/"
        _status, _place, html = await self.lead.ask(path, command=name, version=str(before), **fields)
        if found := VERSION.search(html):
            self.version = int(found[1])
        if self.version == before:
            return False
        await asyncio.sleep(SETTLE_SECONDS)
        came = [guest.seen.get(self.version) for guest in self.guests]
        self.delays += [at - pressed_at if at else SETTLE_SECONDS * 5 for at in came]
        return True


def p95_ms(seconds: Sequence[float]) -> float:
    return 1000 * percentile(seconds, 95)


def delays_of_duels(port: int, duels: int) -> list[float]:
    """How late each token came to a visitor who plays one duel after the other."""
    run = asyncio.run(load.run(port, 1, duels, Pace(), load.duel))
    if faults := run.faults:
        print(f"  duels à côté en échec : {dict(faults)}")
    return [delay for seen in run.seen for delay in seen.delays]


async def open_room(session: aiohttp.ClientSession, site: str, people: int) -> Room:
    lead = Browser(session, site)
    await lead.ask("/ateliers/")
    _status, place, _html = await lead.ask("/ateliers/ouvrir/", scenario="un-seul-duel")
    return Room(place.split("/")[2], lead, [Browser(session, site) for _ in range(people)])


async def spread(work: Sequence[Callable[[], Awaitable[None]]], seconds: float) -> list[float]:
    """Start each piece of work at its moment; how long each took."""

    async def timed(rank: int) -> float:
        await asyncio.sleep(seconds * rank / len(work))
        began_at = time.monotonic()
        await work[rank]()
        return time.monotonic() - began_at

    return list(await asyncio.gather(*(timed(rank) for rank in range(len(work)))))


async def play(site: str, people: int) -> None:
    headers = {"X-Forwarded-Proto": "https", "Referer": site.replace("http", "https", 1), "X-Live": "1"}
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, force_close=True),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers=headers,
    ) as session:
        room = await open_room(session, site, people)
        path = f"/ateliers/{room.code}/"
        statuses: Counter[int] = Counter()

        async def join(guest: Browser) -> None:
            statuses[(await guest.ask(path))[0]] += 1

        joined = await spread([partial(join, guest) for guest in room.guests], JOIN_SECONDS)
        print(f"{people} entrées en {JOIN_SECONDS:.0f} s : p95 {p95_ms(joined):.0f} ms, {dict(statuses)}")
        streams = [asyncio.create_task(guest.follow(f"{path}participant/flux/")) for guest in room.guests]
        await asyncio.sleep(SETTLE_SECONDS)
        before = [guest.bytes_in for guest in room.guests]
        await play_round(room, path)
        bytes_in = statistics.mean(
            guest.bytes_in - start for guest, start in zip(room.guests, before, strict=True)
        )
        print(f"  changement de phase vu : p95 {p95_ms(room.delays):.0f} ms")
        print(f"  par participant et par manche : {bytes_in / 1000:.1f} ko reçus")
        for stream in streams:
            stream.cancel()


async def play_round(room: Room, path: str) -> None:
    """From the question to the end of the step; every participant reads both answers and votes once."""
    await room.press("next")
    await room.press("ask", prompt=Pace(tokens=200).prompt(), pair="random")
    for _second in range(ANSWERS_SECONDS):
        if await room.press("next"):
            break
        await asyncio.sleep(1)
    await asyncio.gather(*(guest.ask(f"{path}manches/1/") for guest in room.guests))
    statuses: Counter[int] = Counter()

    async def vote(guest: Browser, choice: str) -> None:
        statuses[(await guest.ask(f"{path}voix/", ballot=f"1:blind:{choice}"))[0]] += 1

    voters = [(guest, "ab"[rank % 2]) for rank, guest in enumerate(room.guests)]
    cast = await spread([partial(vote, *voter) for voter in voters], VOTE_SECONDS)
    for _press in range(PRESSES_AFTER_THE_VOTE):
        await room.press("next")
    _status, _place, text = await room.lead.ask(f"{path}bilan.json")
    counted = re.search(r'"blind": (\{[^}]*\})', text)
    sentence = f"  voix en {VOTE_SECONDS:.0f} s : p95 {p95_ms(cast):.0f} ms, {dict(statuses)}"
    print(f"{sentence}, comptées {counted[1] if counted else 'aucune'}")


def main() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (20_000, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    folder = Path(tempfile.mkdtemp(prefix="conso-duel-bench-"))
    folder.chmod(0o711)  # PostgreSQL's own user passes through
    try:
        with closing(ProcessGroup()) as process_group:
            port = platform.start(process_group, folder).web_port
            delays_of_duels(port, 2)  # what only the first duels cost
            print(f"{os.cpu_count()} cœurs, charge {os.getloadavg()[0]:.1f}, tout sur la machine")
            alone = p95_ms(delays_of_duels(port, DUELS_ALONE))
            # In a process of its own: the room's browsers keep this one busy.
            with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as neighbour:
                for people in SIZES:
                    beside = neighbour.submit(delays_of_duels, port, DUELS_BESIDE)
                    asyncio.run(play(f"http://127.0.0.1:{port}", people))
                    late = p95_ms(beside.result())
                    print(f"  un duel à côté : délai ajouté p95 {late:.0f} ms, seul {alone:.0f} ms")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
