"""Starts the services in waves, watches them, and ends them all together."""

import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import NoReturn

from conso_duel.embedded.processes import Child, ChildExited, ProcessGroup, wait_until_ready
from conso_duel.embedded.services import Service

WATCH_SECONDS = 0.3


class Supervisor:
    """The running services.

    A service that ends by itself is told in one line and never restarted unseen: an essential one takes the
    whole down with it, the site goes on without any other.
    """

    def __init__(self, process_group: ProcessGroup, log_dir: Path) -> None:
        self._process_group = process_group
        self._log_dir = log_dir
        self._waves: list[dict[Service, Child]] = []
        self._has_lost_a_part = False

    def start(self, services: Iterable[Service]) -> None:
        """Start one more wave of services; a wave ends before those it was started on."""
        self._log_dir.mkdir(parents=True, exist_ok=True)
        self._waves.append({service: self._start_service(service) for service in services})

    @property
    def is_whole(self) -> bool:
        """Whether no service has been lost."""
        return not self._has_lost_a_part

    def wait_until_ready(self) -> None:
        """Returns when every service answers; raises ChildExited for an essential one that does not."""
        for service, child in self._running():
            try:
                wait_until_ready(child, partial(service.is_ready, child.log), service.timeout_seconds)
            except ChildExited as death:
                self._lose(service, child, death)

    def watch(self) -> NoReturn:
        """Raises ChildExited when an essential service ends."""
        while True:
            for service, child in self._running():
                if child.exit_code is not None:
                    self._lose(service, child, child.exit_error())
            time.sleep(WATCH_SECONDS)

    def stop(self) -> None:
        """End every wave, the last started first."""
        for wave in reversed(self._waves):
            self._process_group.stop(wave.values())

    def _start_service(self, service: Service) -> Child:
        return self._process_group.start(service.name, service.command, self._log_dir / f"{service.name}.log")

    def _running(self) -> list[tuple[Service, Child]]:
        """The newest wave first: it is the one that may have gone wrong."""
        return [item for wave in reversed(self._waves) for item in wave.items()]

    def _lose(self, service: Service, child: Child, death: ChildExited) -> None:
        self._has_lost_a_part = True
        if service.essential:
            raise death
        print(f"{death} ; le site continue sans lui.", flush=True)
        self._process_group.stop([child])
        for wave in self._waves:
            wave.pop(service, None)
