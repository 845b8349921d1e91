"""`python -m tests.bench`: starts the platform, measures, prints, ends everything. About three minutes."""

import argparse
import os
import platform as machine
import resource
import shutil
import tempfile
from contextlib import closing
from pathlib import Path

from conso_duel.embedded.processes import ProcessGroup
from tests.bench import measures, platform, rendering, report
from tests.bench.load import Pace
from tests.bench.platform import Platform

PARTS = ("idle", "load", "length", "dead", "pages", "browser")
OPEN_FILES = 20_000
MAX_VISITORS = 1_000
DEAD_DUELS = 10


def main() -> None:
    asked = arguments()
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    folder = Path(tempfile.mkdtemp(prefix="conso-duel-bench-"))
    folder.chmod(0o711)  # PostgreSQL's own user passes through
    try:
        with closing(ProcessGroup()) as process_group:
            measure(platform.start(process_group, folder), asked)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("-n", type=int, nargs="+", default=[1, 100, 200], help="duels at once")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    asked = parser.parse_args()
    if max(asked.n) > MAX_VISITORS:
        parser.error(f"at most {MAX_VISITORS} duels at once")
    return asked


def measure(running: Platform, asked: argparse.Namespace) -> None:
    load_average = f"{os.getloadavg()[0]:.1f}".replace(".", ",")
    print(f"{machine.platform()}, {os.cpu_count()} cœurs, charge {load_average}, tout sur la machine")
    print(report.interpreter())
    steps = {
        "idle": lambda: idle(running),
        "load": lambda: under_load(running, asked.n),
        "length": lambda: length(running),
        "dead": lambda: dead(running),
        "pages": lambda: pages(running),
        "browser": lambda: browser(running),
    }
    measures.warm(running)
    for name in PARTS:
        if name in asked.only:
            steps[name]()


def idle(running: Platform) -> None:
    held = {name: measures.all_taken(running.pids)[name].memory_mb for name in platform.SERVER}
    parts = ", ".join(f"{name} {megabytes:.0f}" for name, megabytes in held.items())
    whole = sum(held[name] for name in ("web", "worker", "valkey"))
    print(f"\nAu repos : web + worker + valkey {whole:.0f} Mo ({parts})")


def under_load(running: Platform, numbers: list[int]) -> None:
    rows = [
        (number, measures.duels(running, number, Pace()), measures.relayed(running, number, Pace()))
        for number in numbers
    ]
    report.print_load(rows)
    report.print_faults(own for _, own, _ in rows)
    report.print_faults(bare for _, _, bare in rows)


def length(running: Platform) -> None:
    """Bytes and CPU of ten times the text, relative to one."""
    short = measures.duels(running, 10, Pace(), rounds=1)
    long = measures.duels(running, 10, Pace(tokens=2_000, delay_ms=5), rounds=1)
    bytes_ratio = report.bytes_per_duel(long) / report.bytes_per_duel(short)
    cpu = [sum(one.cpu_seconds[name] for name in platform.SERVER) / 10 for one in (short, long)]
    print(
        f"\n2 × 2 000 jetons contre 2 × 200 : octets × {bytes_ratio:.1f}, processeur × {cpu[1] / cpu[0]:.1f}"
    )
    report.print_faults([short, long])


def dead(running: Platform) -> None:
    alone = measures.duels(running, 20, Pace(), rounds=1)
    beside = measures.beside_the_dead(running, DEAD_DUELS, 20, Pace())
    delays = [report.milliseconds(report.delays(one), 50, 95, 99) for one in (alone, beside)]
    print(f"\n20 duels : ajouté {delays[0]} ms ; à côté de {DEAD_DUELS} duels muets : {delays[1]} ms")
    report.print_faults([alone, beside])


def pages(running: Platform) -> None:
    print("\nPages, un visiteur seul :")
    for path, (milliseconds, size) in measures.pages(running).items():
        print(f"  {path:22} {milliseconds:5.1f} ms  {size / 1000:.1f} ko")


def browser(running: Platform) -> None:
    print("\nChromium, processeur du moteur de rendu :")
    for pace in (Pace(), Pace(tokens=1_000)):
        seconds = rendering.renderer_cpu_seconds(running.web_port, pace)
        print(f"  2 × {pace.tokens} jetons : {seconds:.2f} s")


if __name__ == "__main__":
    main()
