"""The bench's table."""

import platform
import sysconfig
from collections.abc import Iterable, Sequence

from tests.bench.measures import Measured, percentile
from tests.bench.platform import SERVER

HEADINGS = (
    "N", "erreurs", "1er mot p50/p95", "ajouté p50/p95/p99", "relais nu p50/p95/p99",
    *SERVER, "serveur", "relais nu", "rapport", "ko/duel", "Mo (4 services)",
)  # fmt: skip


def interpreter() -> str:
    """Version of Python, and how it was built: a build without profile or LTO is a fifth slower."""
    flags = sysconfig.get_config_var("CONFIG_ARGS") or ""
    wanted = ("--enable-optimizations", "--with-lto")
    built = " ".join(flag for flag in wanted if flag in flags) or "CONFIG_ARGS ne nomme ni profil ni LTO"
    return f"Python {platform.python_version()} ({platform.python_compiler()}, {built})"


def print_load(rows: Iterable[tuple[int, Measured, Measured]]) -> None:
    """One line per number of duels at once: the platform, the bare relay in the same run, and their ratio."""
    print("\nN duels à la fois. Délais en ms ; processeur en s par 1 000 jetons ; ko sur le réseau.")
    print_table(HEADINGS, [load_line(*row) for row in rows])


def load_line(visitors: int, own: Measured, bare: Measured) -> list[str]:
    seen = own.run.seen
    words = [word for duel in seen for word in duel.first_words]
    return [
        str(visitors),
        str(own.run.faults.total()),
        milliseconds(words, 50, 95),
        milliseconds(delays(own), 50, 95, 99),
        milliseconds(delays(bare), 50, 95, 99),
        *(f"{own.cpu_per_1000_tokens(name):.3f}" for name in SERVER),
        f"{own.server:.3f}",
        f"{bare.cpu_per_1000_tokens('relay'):.3f}",
        f"{own.server / bare.cpu_per_1000_tokens('relay'):.1f}",
        f"{bytes_per_duel(own) / 1000:.1f}",
        f"{memory_mb(own):.0f}",
    ]


def delays(measured: Measured) -> list[float]:
    return [delay for duel in measured.run.seen for delay in duel.delays]


def milliseconds(seconds: Sequence[float], *percents: int) -> str:
    return " / ".join(f"{percentile(seconds, percent) * 1000:.0f}" for percent in percents)


def bytes_per_duel(measured: Measured) -> float:
    """Home, page of the duel and stream, with their headers, compressed where the server does."""
    whole = [duel.bytes_in for duel in measured.run.seen if not duel.fault]
    return sum(whole) / len(whole) if whole else float("nan")


def memory_mb(measured: Measured) -> float:
    return sum(measured.held[name].memory_mb for name in SERVER)


def print_faults(measured: Iterable[Measured]) -> None:
    """Each kind of fault, with its count."""
    for one in measured:
        for fault, count in one.run.faults.items():
            print(f"  {count} × {fault}")


def print_table(headings: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(headings, *lines, strict=True)]
    for line in (headings, *lines):
        print("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)))
