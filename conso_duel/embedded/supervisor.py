"""Starts the services in waves, watches them, and ends them all together."""

import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import NoReturn

from conso_duel.console import gettext as _
from conso_duel.console import print_line
from conso_duel.embedded.processes import Child, ChildExited, ProcessGroup, wait_until_ready
from conso_duel.embedded.services import Service

WATCH_SECONDS = 0.3


class Supervisor:
    """The running services.

    A service that exits is reported in one line and not restarted: an essential one ends the run, the site
    goes on without any other.
    """

    def __init__(self, process_group: ProcessGroup, log_dir: Path) -> None:
        self._process_group = process_group
        self._log_dir = log_dir
        self._waves: list[dict[Service, Child]] = []

    def start(self, services: Iterable[Service]) -> None:
        """Start one more wave of services; a wave ends before those it was started on."""
        self._log_dir.mkdir(parents=True, exist_ok=True)
        self._waves.append({service: self._start_service(service) for service in services})

    def _start_service(self, service: Service) -> Child:
        return self._process_group.start(service.name, service.command, self._log_dir / f"{service.name}.log")

    def wait_until_ready(self) -> None:
        """Return when every service is ready; raises ChildExited for an essential one that is not."""
        for service, child in self._running():
            try:
                wait_until_ready(child, partial(service.is_ready, child.log), service.timeout_seconds)
            except ChildExited as error:
                self._drop(service, child, error)

    def watch(self, each_period: Callable[[], None] = lambda: None) -> NoReturn:
        """Raises ChildExited when an essential service exits."""
        while True:
            for service, child in self._running():
                if child.exit_code is not None:
                    self._drop(service, child, child.exit_error())
            each_period()
            time.sleep(WATCH_SECONDS)

    def restart(self, service: Service) -> None:
        """End a service of the last wave, if it has not exited, and start it again."""
        wave = self._waves[-1]
        if child := wave.pop(service, None):
            self._process_group.stop([child])
        wave[service] = self._start_service(service)

    def stop(self) -> None:
        """End every wave, the last started first."""
        for wave in reversed(self._waves):
            self._process_group.stop(wave.values())

    def _running(self) -> list[tuple[Service, Child]]:
        """The newest wave first: it is the one that may have gone wrong."""
        return [item for wave in reversed(self._waves) for item in wave.items()]

    def _drop(self, service: Service, child: Child, error: ChildExited) -> None:
        if service.essential:
            raise error
        print_line(_("%(reason)s ; le site continue sans lui.") % {"reason": error})
        self._process_group.stop([child])
        for wave in self._waves:
            wave.pop(service, None)
