"""The worst delay of an honest duel beside each attack: `python -m tests.bench.attacks`, four minutes.

The production processes run with their own limits and no proxy in front. Each attack is a process that comes
from one address; the duels that are measured come from another, one after the other.
"""

import argparse
import asyncio
import itertools
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

from conso_duel.embedded.processes import ProcessGroup
from tests.bench import load, platform
from tests.bench.load import Pace, Run
from tests.bench.upstream import LOOPBACK
from tests.bench.wire import Visit

HONEST = "127.0.0.2"
LIMITS = {
    "CONSO_LIMIT_ADDRESS_PER_HOUR": "6000",
    "CONSO_LIMIT_RUNNING_ADDRESS": "60",
    "CONSO_LIMIT_CONNECTIONS_ADDRESS": "512",
}
OPEN_FILES = 20_000
DUELS, BEGIN_SECONDS = 5, 2  # measured beside each attack, once it has gone on for so long
PACE = Pace(tokens=60)
FEW_WORDS = "tokens=1 delay_ms=1 first_ms=1"
SHARED_LINK = re.compile(r'value="https?://[^/"]+(/[^"]+)"')
FORM = "Content-Type: application/x-www-form-urlencoded"


class Site(NamedTuple):
    """Where the web server is, and the address from which it is attacked."""

    port: int
    address: str

    def visit(self) -> Visit:
        return Visit(self.port, self.address)


Attack = Callable[[Site], Awaitable[object]]


async def ask(site: Site, wishes: str, visit: Visit | None = None) -> tuple[Visit, str]:
    """A new duel, of a visitor without a cookie unless one is given, and its address."""
    visit = visit or site.visit()
    await visit.get("/")
    return visit, await load.opened(visit, f"Bonjour {wishes}")


async def without_end(side_by_side: int, action: Callable[[], Awaitable[object]]) -> None:
    """The action again and again, so many at once; what is refused is tried again."""

    async def again() -> None:
        while True:
            with suppress(OSError, EOFError, KeyError):
                await action()
            await asyncio.sleep(0.01)

    await asyncio.gather(*(again() for _ in range(side_by_side)))


async def questions(site: Site) -> None:
    """Questions without a cookie to models that never answer."""
    await without_end(8, partial(left_open, site, "mute=1"))


async def left_open(site: Site, wishes: str) -> None:
    visit, _ = await ask(site, wishes)
    visit.close()


async def streams(site: Site) -> None:
    """3,000 streams of one visitor's own duel."""
    owner, address = await ask(site, "mute=1")

    async def follow() -> None:
        visit = Visit(*site, dict(owner.cookies))
        with closing(visit):
            async for _ in visit.stream(f"{address}turns/1/stream/"):
                pass

    await without_end(3_000, follow)


async def half_sent(site: Site) -> None:
    """600 forms whose second half never comes."""
    await without_end(600, partial(send, site, f"POST /duels/ HTTP/1.1\r\n{FORM}\r\nContent-Length: 99", b""))


async def headers(site: Site) -> None:
    """Headers of 200 megabytes."""
    await without_end(4, partial(send, site, "GET / HTTP/1.1", b"X-Long: " + b"a" * 60_000 + b"\r\n", 3_300))


async def bodies(site: Site) -> None:
    """Bodies of 300 megabytes, announced in pieces."""
    head = f"POST /duels/ HTTP/1.1\r\n{FORM}\r\nTransfer-Encoding: chunked\r\n"
    await without_end(4, partial(send, site, head, b"10000\r\n" + b"a" * 65_536 + b"\r\n", 4_600))


async def send(site: Site, head: str, piece: bytes, times: int = 0) -> None:
    """The beginning of a request, then a piece so many times, until the server closes."""
    reader, writer = await asyncio.open_connection(LOOPBACK, site.port, local_addr=(site.address, 0))
    with closing(writer):
        writer.write(f"{head}\r\nHost: {LOOPBACK}\r\n".encode())
        for _ in range(times):
            writer.write(piece)
            await writer.drain()
        await reader.read()


async def blank_lines(site: Site) -> None:
    """Questions and answers of thousands of blank lines."""
    wishes = "tokens=2000 delay_ms=20 first_ms=1 blank=1" + "\n \n" * 1_000
    await without_end(4, partial(left_open, site, wishes))


async def result_page(site: Site) -> None:
    """One shared result, opened by eight connections without a pause."""
    owner, address = await ask(site, FEW_WORDS)
    async for _ in owner.stream(f"{address}turns/1/stream/"):
        pass
    await owner.post(f"{address}vote/", {"choice": "a"})
    await owner.post(f"{address}share/", {})
    shared = SHARED_LINK.search((await owner.get(address)).text)
    assert shared, "no link is shown"
    visits = itertools.cycle([site.visit() for _ in range(8)])

    async def read(visit: Visit) -> None:
        while True:
            await visit.get(shared[1])

    await asyncio.gather(*(read(next(visits)) for _ in range(8)))


async def trailers(site: Site) -> None:
    """Answers whose server sends trailers without end."""
    await without_end(8, partial(left_open, site, f"{FEW_WORDS} trailers=1"))


async def votes(site: Site) -> None:
    """Votes without a cookie, one after another, of eight programs."""

    async def vote() -> None:
        visit, address = await ask(site, FEW_WORDS)
        with closing(visit):
            async for _ in visit.stream(f"{address}turns/1/stream/"):
                pass
            await visit.post(f"{address}vote/", {"choice": "a"})

    await without_end(8, vote)


ATTACKS: dict[str, Attack] = {
    attack.__name__: attack
    for attack in (
        questions, streams, half_sent, headers, bodies, blank_lines, result_page, trailers, votes,
    )
}  # fmt: skip


def honest(port: int) -> tuple[float, float, float, str]:
    """Milliseconds to the first word, beyond the model's, and of the text: median and worst; the faults."""
    run: Run = asyncio.run(load.run(port, 1, DUELS, PACE, partial(load.duel, address=HONEST)))
    waits = sorted(wait for seen in run.seen for wait in seen.first_words)
    delays = [delay for seen in run.seen for delay in seen.delays]
    faults = ", ".join(f"{count} × {fault}" for fault, count in run.faults.items())
    if not waits:
        return float("inf"), float("inf"), float("inf"), faults
    return 1000 * waits[len(waits) // 2], 1000 * waits[-1], 1000 * max(delays), faults


def beside(port: int, name: str) -> tuple[float, float, float, str]:
    """The same, while an attack goes on."""
    attacker = subprocess.Popen([sys.executable, "-m", "tests.bench.attacks", "--as", name, str(port)])
    try:
        time.sleep(BEGIN_SECONDS)
        measured = honest(port)
        assert attacker.poll() is None, f"{name} has ended"
        return measured
    finally:
        attacker.kill()
        attacker.wait()


def show(name: str, measured: tuple[float, float, float, str]) -> None:
    median, first, delay, faults = measured
    print(f"{name:12} first word {median:6.0f} ms, worst {first:6.0f} ms; text {delay:6.0f} ms; {faults}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.attacks", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=ATTACKS, default=list(ATTACKS))
    parser.add_argument("--as", dest="attack", nargs=2, metavar=("ATTACK", "PORT"), help="be the attacker")
    asked = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    if asked.attack:
        name, port = asked.attack
        # Of its own, which nothing that another attack left behind counts against.
        asyncio.run(ATTACKS[name](Site(int(port), f"127.0.1.{1 + list(ATTACKS).index(name)}")))
        return
    folder = Path(tempfile.mkdtemp(prefix="conso-duel-attacks-"))
    folder.chmod(0o711)  # PostgreSQL's own user passes through
    try:
        with closing(ProcessGroup()) as process_group:
            port = platform.start(process_group, folder, LIMITS).web_port
            print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
            honest(port)
            show("alone", honest(port))
            for name in asked.only:
                show(name, beside(port, name))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
