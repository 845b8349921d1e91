"""A real Valkey on loopback, the one that `make run` embeds."""

from pathlib import Path

import redis

from conso_duel.embedded import valkey_server
from conso_duel.embedded.ports import accepts_connections
from conso_duel.embedded.processes import ProcessGroup, wait_until_ready


def start(process_group: ProcessGroup, folder: Path, port: int) -> None:
    """Returns when it accepts connections."""
    child = process_group.start("valkey", valkey_server.command(port), log=folder / "valkey.log")
    wait_until_ready(child, lambda: accepts_connections("127.0.0.1", port), timeout_seconds=10)


def empty(client: redis.Redis) -> None:
    """Forget everything but the routes of Celery's queues, which its processes declare only once."""
    if keys := [key for key in client.scan_iter(count=1_000) if not key.startswith(b"_kombu")]:
        client.delete(*keys)
