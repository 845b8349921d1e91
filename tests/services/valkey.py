"""A real Valkey on loopback, the one that `make run` embeds."""

from pathlib import Path

from conso_duel.embedded import valkey
from conso_duel.embedded.ports import answers
from conso_duel.embedded.processes import Family, wait_until_ready


def start(family: Family, folder: Path, port: int) -> None:
    """Returns when it accepts connections."""
    child = family.start("valkey", valkey.command(port), log=folder / "valkey.log")
    wait_until_ready(child, lambda: answers("127.0.0.1", port), timeout_seconds=10)
