"""A PostgreSQL of its own for the test that stops it: a copy of the session's, tables and rows included."""

import signal
import subprocess
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection

from conso_duel.embedded.ports import free_port
from conso_duel.embedded.processes import Child, ProcessGroup, wait_until_ready
from tests.services import postgres


class Cluster:
    """The copy, stopped and started on the same port."""

    def __init__(self, process_group: ProcessGroup, folder: Path) -> None:
        self.port = free_port()
        self.database = connection.settings_dict["NAME"]
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/{self.database}"
        self._process_group = process_group
        self._folder = folder
        self._installation = postgres.prepare_installation(folder)
        self._copy()
        self.start()

    def _copy(self) -> None:
        """Copy the database that pytest-django has made, without making it again."""
        source = ["-h", "127.0.0.1", "-p", connection.settings_dict["PORT"], "-U", "postgres"]
        target = ["-D", self._folder / "cluster", "--no-sync", "--checkpoint=fast"]
        command = [self._installation.binaries / "pg_basebackup", *map(str, source), *target]
        options = self._installation.popen_options(self._folder)
        subprocess.run(command, check=True, capture_output=True, **options)

    def start(self) -> None:
        """Returns when it accepts connections."""
        command = postgres.server_command(self._installation, self._folder, self.port)
        options = self._installation.popen_options(self._folder)
        log = self._folder / "postgres.log"
        self._child: Child = self._process_group.start(
            "own-postgres", command, log, stop_signal=signal.SIGINT, **options
        )
        wait_until_ready(self._child, lambda: postgres.accepts_connections(self.port), timeout_seconds=30)

    def stop(self) -> None:
        """Disconnects everybody at once."""
        self._process_group.stop([self._child])

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url) as own:
            return own.execute(query.encode()).fetchall()
