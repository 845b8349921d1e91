"""Starts the services in waves, watches them, starts again what has exited, and ends them all together."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NoReturn

from conso_duel.console import gettext as _
from conso_duel.console import print_line
from conso_duel.embedded.processes import Child, ChildExited, ProcessGroup, wait_until_ready
from conso_duel.embedded.services import Service

WATCH_SECONDS = 0.3
FIRST_DELAY_SECONDS = 0.5  # before a service is started again; twice as long after each further exit
STABLE_SECONDS = 60.0  # a service that has run for so long begins with the first delay again
MAX_EXITS = 6  # in a row, 16 s of delays: what exits again and again is broken, not unlucky


@dataclass(slots=True)
class _Run:
    """A service and its process; between two processes, when the next is due (time.monotonic())."""

    child: Child | None
    started_at: float
    exits: int = 0
    due_at: float = 0.0


class Supervisor:
    """The running services.

    One that exits is reported in one line and started again after a delay. One that exits MAX_EXITS times in
    a row ends the run where it is essential; the site goes on without any other.
    """

    def __init__(self, process_group: ProcessGroup, log_dir: Path) -> None:
        self._process_group = process_group
        self._log_dir = log_dir
        self._waves: list[dict[Service, _Run]] = []

    def start(self, services: Iterable[Service]) -> None:
        """Start one more wave of services; a wave ends before those it was started on."""
        self._log_dir.mkdir(parents=True, exist_ok=True)
        self._waves.append({service: _Run(self._launch(service), time.monotonic()) for service in services})

    def _launch(self, service: Service) -> Child:
        log = self._log_dir / f"{service.name}.log"
        return self._process_group.start(service.name, service.command, log)

    def wait_until_ready(self) -> None:
        """Return when every service is ready; raises ChildExited for an essential one that is not."""
        for service, run in self._runs():
            if run.child is None:
                continue
            try:
                is_ready = partial(service.is_ready, run.child.log)
                wait_until_ready(run.child, is_ready, service.timeout_seconds)
            except ChildExited as error:
                self._give_up(service, run, error)

    def watch(self, each_period: Callable[[], None] = lambda: None) -> NoReturn:
        """Start again what exits; raises ChildExited when an essential service does nothing but exit."""
        while True:
            for service, run in self._runs():
                if run.child is None:
                    if time.monotonic() >= run.due_at:
                        run.child, run.started_at = self._launch(service), time.monotonic()
                elif run.child.exit_code is not None:
                    self._note_exit(service, run, run.child)
            each_period()
            time.sleep(WATCH_SECONDS)

    def _note_exit(self, service: Service, run: _Run, child: Child) -> None:
        now = time.monotonic()
        run.exits = 1 if now - run.started_at >= STABLE_SECONDS else run.exits + 1
        # The next process begins a new log.
        log = child.log.replace(child.log.with_suffix(".previous.log"))
        error = child.exit_error(log)
        if run.exits >= MAX_EXITS:
            self._give_up(service, run, error)
            return
        self._process_group.stop([child])
        run.child, run.due_at = None, now + FIRST_DELAY_SECONDS * 2 ** (run.exits - 1)
        print_line(_("%(reason)s ; il est relancé.") % {"reason": error})

    def restart(self, service: Service) -> None:
        """End a service of the last wave, if it has not exited, and start it again at once."""
        wave = self._waves[-1]
        if (run := wave.get(service)) and run.child:
            self._process_group.stop([run.child])
        wave[service] = _Run(self._launch(service), time.monotonic())

    def stop(self) -> None:
        """End every wave, the last started first."""
        for wave in reversed(self._waves):
            self._process_group.stop([run.child for run in wave.values() if run.child])

    def _runs(self) -> list[tuple[Service, _Run]]:
        """The newest wave first: it is the one that may have gone wrong."""
        return [item for wave in reversed(self._waves) for item in wave.items()]

    def _give_up(self, service: Service, run: _Run, error: ChildExited) -> None:
        if service.essential:
            raise error
        print_line(_("%(reason)s ; le site continue sans lui.") % {"reason": error})
        if run.child:
            self._process_group.stop([run.child])
        for wave in self._waves:
            wave.pop(service, None)
