"""The environment of a test session: nothing of the developer's own settings leaks into it."""

import atexit
import os
import socket
from pathlib import Path
from urllib.parse import quote

OWN_VARIABLES = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")


def clear() -> None:
    """Remove every variable that the settings read."""
    for name in list(os.environ):
        if name.startswith("CONSO_") or name in OWN_VARIABLES:
            del os.environ[name]


def prepare(folder: Path, database_host: str = "127.0.0.1") -> None:
    """Point the settings at services that will be started in `folder` when a test first needs them."""
    database_host = quote(database_host, safe="")
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "conso_duel.settings",
        "CONSO_STATE_DIR": str(folder),
        "DATABASE_URL": f"postgres://postgres@{database_host}:{reserve_port()}/conso",
        "CONSO_CANDIDATES_TTL_SECONDS": "0",  # a test's own models play at once
        "CONSO_PACE_TOKENS_PER_SECOND": "0",  # tests and the bench play models faster than one reads
        "LC_ALL": "C.UTF-8",  # messages of programs are in French
        "REDIS_URL": f"redis://127.0.0.1:{reserve_port()}/0",
    }


def reserve_port() -> int:
    """A free port that nobody else is given while this process lives: five sessions start at once, each some
    time before its services.
    """
    reservation = socket.socket()
    reservation.bind(("127.0.0.1", 0))
    # From here on a service may bind it too: nothing listens on this socket.
    reservation.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    atexit.register(reservation.close)
    return int(reservation.getsockname()[1])
