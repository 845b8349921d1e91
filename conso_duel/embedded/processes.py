"""Child processes that never outlive this one, whatever ends it."""

import contextlib
import ctypes
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conso_duel.console import gettext as _

WATCHDOG = Path(__file__).with_name("watchdog.py")
STOP_TIMEOUT_SECONDS = 5.0
PR_SET_PDEATHSIG = 1  # linux/prctl.h
POLL_SECONDS = 0.05
LAST_WORDS_BYTES = 1_000  # of a log, in which the reason of an exit is looked for
# What the system's loader says of a library that is not installed.
MISSING_LIBRARY = re.compile(rb"([\w.+-]+\.so[.\d]*): cannot open shared object file")


class RunFailed(Exception):
    """Ends the run; its text is the one line shown to the user."""


class ChildExited(RunFailed):
    """A child ended by itself, or never became ready."""


@dataclass(frozen=True)
class Child:
    """A running process: the leader of its own session, writing into its own log."""

    name: str
    process: "subprocess.Popen[bytes]"
    log: Path
    stop_signal: signal.Signals

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative when a signal ended it."""
        return self.process.poll()

    def exit_error(self, log: Path | None = None) -> ChildExited:
        """The error for a child that is no longer running; log: where its log has been moved."""
        code, path = self.process.wait(), log or self.log
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"code {code}"
        if missing := MISSING_LIBRARY.search(path.read_bytes()[-LAST_WORDS_BYTES:]):
            how = _("il manque au système %(library)s") % {"library": missing[1].decode()}
        message = _("%(name)s s’est arrêté (%(how)s) : voir %(log)s")
        return ChildExited(message % {"name": self.name, "how": how, "log": path})

    def signal_group(self, number: signal.Signals) -> None:
        """Send a signal to the child and to all its own children."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)


# Linux's prctl; None on other systems.
_prctl = getattr(ctypes.CDLL(None, use_errno=True), "prctl", None) if sys.platform == "linux" else None


def die_with_parent() -> None:
    """In a child, before its program: have the system kill it when its parent ends, however that ends.

    Linux only. The parent is the thread that starts the child, which therefore has to be the main one.
    """
    if _prctl is not None:
        _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class ProcessGroup:
    """Starts children and ends them, from the main thread.

    When this process is killed outright, the system kills its children, and a watchdog ends their own.
    """

    def __init__(self) -> None:
        self.children: list[Child] = []
        self._watchdog = subprocess.Popen(
            [sys.executable, "-S", str(WATCHDOG)], stdin=subprocess.PIPE, start_new_session=True
        )

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        log: Path,
        stop_signal: signal.Signals = signal.SIGTERM,
        **options: Any,
    ) -> Child:
        """Start a child, which overwrites this log; `options` go to Popen (env, cwd, user)."""
        with log.open("wb") as output:
            process = subprocess.Popen(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent,
                **options,
            )
        self._notify_watchdog(f"+{process.pid}")
        child = Child(name, process, log, stop_signal)
        self.children.append(child)
        return child

    def stop(self, children: Iterable[Child]) -> None:
        """Send these children their stop signal; kill those still running after STOP_TIMEOUT_SECONDS."""
        stopping = list(children)
        for child in stopping:
            child.signal_group(child.stop_signal)
        deadline = time.monotonic() + STOP_TIMEOUT_SECONDS
        for child in stopping:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.0, deadline - time.monotonic()))
            self._reap(child)

    def close(self) -> None:
        """End every child, then the watchdog."""
        self.stop(self.children)
        self._watchdog.communicate()

    def _reap(self, child: Child) -> None:
        child.signal_group(signal.SIGKILL)
        child.process.wait()
        self._notify_watchdog(f"-{child.process.pid}")
        self.children.remove(child)

    def _notify_watchdog(self, line: str) -> None:
        assert self._watchdog.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._watchdog.stdin.write(f"{line}\n".encode())
            self._watchdog.stdin.flush()


def wait_until_ready(child: Child, is_ready: Callable[[], bool], timeout_seconds: float) -> None:
    """Return as soon as `is_ready` is true; raises ChildExited when the child ends or time runs out."""
    deadline = time.monotonic() + timeout_seconds
    while not is_ready():
        if child.exit_code is not None:
            raise child.exit_error()
        if time.monotonic() > deadline:
            message = _("%(name)s n’est pas prêt après %(seconds)d s : voir %(log)s")
            raise ChildExited(message % {"name": child.name, "seconds": timeout_seconds, "log": child.log})
        time.sleep(POLL_SECONDS)
