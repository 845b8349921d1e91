"""The embedded default as its user starts it: one process, SQLite, its own Valkey and its own models."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.waiting import wait_until

READY = re.compile(r"Conso Duel est prêt\s: (http://\S+?)/?$", re.MULTILINE)
COMMAND = [sys.executable, "-m", "conso_duel.run"]
START_SECONDS = 180  # the first start unpacks a model of 250 MB; a busy machine takes its time


@dataclass(frozen=True)
class EmbeddedRun:
    """A running `python -m conso_duel.run`, its output so far and its processes."""

    process: "subprocess.Popen[bytes]"
    output: Path
    state_dir: Path

    @property
    def printed(self) -> str:
        return self.output.read_text(encoding="utf-8")

    @property
    def output_and_logs(self) -> str:
        """Its output, then the end of the log of each service: for the message of a failed test."""
        logs = sorted((self.state_dir / "logs").glob("*.log"))
        return "\n\n".join([self.printed, *(f"{log.name}: {log.read_text()[-1500:]}" for log in logs)])

    @property
    def address(self) -> str:
        """The address that it printed, without a slash at its end."""
        return READY.findall(self.printed)[-1]

    def stop(self) -> int:
        """One Ctrl-C; the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=60)

    def processes(self) -> list[psutil.Process]:
        """Every process of this run but the first: found by the state folder in their environment."""
        return [process for process in psutil.process_iter() if self._started(process)]

    def process_named(self, *words: str) -> psutil.Process:
        """The oldest process of the run whose command has all these words."""
        found = [process for process in self.processes() if set(words) <= set(process.cmdline())]
        return min(found, key=psutil.Process.create_time)

    def _started(self, process: psutil.Process) -> bool:
        try:
            known = process.environ().get("CONSO_STATE_DIR") == str(self.state_dir)
            return known and process.pid != self.process.pid
        except psutil.Error:  # it has just ended
            return False


@contextmanager
def running(state_dir: Path, port: int) -> Iterator[EmbeddedRun]:
    """A run that has printed its address; stopped on leaving, if the test has not done so."""
    state_dir.mkdir(exist_ok=True)
    output = state_dir / "output.txt"
    with output.open("wb") as out:
        process = subprocess.Popen(COMMAND, env=environment(state_dir, port), stdout=out, stderr=out)
    run = EmbeddedRun(process, output, state_dir)
    try:
        wait_for_address(run)
        yield run
    finally:
        if process.poll() is None:
            run.stop()


def environment(state_dir: Path, port: int) -> dict[str, str]:
    """Nothing of the test session's own services."""
    inherited = {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")
    }
    return inherited | {"CONSO_STATE_DIR": str(state_dir), "CONSO_PORT": str(port), "LC_ALL": "C.UTF-8"}


def wait_for_address(run: EmbeddedRun) -> None:
    wait_until(lambda: READY.search(run.printed) or run.process.poll() is not None, START_SECONDS)
    assert READY.search(run.printed), run.output_and_logs
