"""The processes of the site for tests that kill them, each by its name, on a Valkey of their own."""

import os
import resource
import signal
import subprocess
from collections import Counter
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from conso_duel.embedded import services
from conso_duel.embedded.ports import free_port
from conso_duel.embedded.processes import Child, ProcessGroup, wait_until_ready
from conso_duel.embedded.services import Service
from tests.visitor import Visitor

STALE_AFTER_SECONDS = 4  # 30 by default: everything that waits for a dead worker goes faster


class Site:
    """Valkey, worker, beat and web on this machine, each started, ended and killed as a test wants."""

    def __init__(
        self,
        process_group: ProcessGroup,
        folder: Path,
        environment: Mapping[str, str],
        stale_after_seconds: int = STALE_AFTER_SECONDS,
    ) -> None:
        """environment: names the database."""
        self.folder = folder
        valkey_port, web_port = free_port(), free_port()
        self.address = f"http://{services.LOOPBACK}:{web_port}"
        self.environment = dict(environment) | {
            "REDIS_URL": f"redis://{services.LOOPBACK}:{valkey_port}/0",
            "CONSO_STALE_AFTER_SECONDS": str(stale_after_seconds),
        }
        self._process_group = process_group
        self._services = {service.name: service for service in all_services(valkey_port, web_port)}
        self._running: dict[str, Child] = {}
        self._starts: Counter[str] = Counter()

    def start(self, *names: str) -> None:
        """Start those that do not run, together; returns once each is ready."""
        missing = [name for name in names if name not in self._running]
        for name in missing:
            self._running[name] = self._start(self._services[name])
        for name in missing:
            service, child = self._services[name], self._running[name]
            wait_until_ready(child, partial(service.is_ready, child.log), service.timeout_seconds)

    def _start(self, service: Service) -> Child:
        """Each start has its own log: nothing that was said is lost."""
        self._starts[service.name] += 1
        log = self.folder / f"{service.name}-{self._starts[service.name]}.log"
        return self._process_group.start(service.name, service.command, log, env=self.environment)

    def stop(self, *names: str) -> None:
        """Send SIGTERM to those that run and wait for their end."""
        self._process_group.stop([self._running.pop(name) for name in names if name in self._running])

    def limit_files(self, name: str, size_bytes: int) -> None:
        """From now on, no file of this process may grow beyond that size. Linux only."""
        limit = (size_bytes, resource.RLIM_INFINITY)
        resource.prlimit(self._running[name].process.pid, resource.RLIMIT_FSIZE, limit)

    def kill(self, name: str) -> None:
        """kill -9."""
        self.signal(name, signal.SIGKILL)
        self.stop(name)

    def signal(self, name: str, number: signal.Signals) -> None:
        self._running[name].signal_group(number)

    def terminate(self, name: str) -> "subprocess.Popen[bytes]":
        """Send SIGTERM and return at once; another may be started beside it."""
        self.signal(name, signal.SIGTERM)
        return self._running.pop(name).process

    def exited(self) -> list[str]:
        """Those that have ended by themselves."""
        return [name for name, child in self._running.items() if child.exit_code is not None]

    def visitor(self) -> Visitor:
        return Visitor(self.address)

    def log_of(self, name: str) -> str:
        """All that processes of this name have written into their logs."""
        logs = (self.folder / f"{name}-{start}.log" for start in range(1, self._starts[name] + 1))
        return "".join(log.read_text(errors="replace") for log in logs)

    @property
    def logs(self) -> dict[str, str]:
        return {log.name: log.read_text(errors="replace") for log in self.folder.glob("*.log")}


def all_services(valkey_port: int, web_port: int) -> list[Service]:
    web = services.web_service(services.LOOPBACK, web_port)
    return [services.valkey_service(valkey_port), services.worker_service(), web, services.beat_service()]


def clean_environment(**more: str) -> dict[str, str]:
    """This process's, without what a browser test has set for itself alone."""
    inherited = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    return inherited | more
