import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from conso_duel.embedded.processes import Child, ChildExited, ProcessGroup, wait_until_ready
from tests.waiting import wait_until

SLEEPER = "import time; print('up', flush=True); time.sleep(600)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEPER}"
WITH_A_CHILD = (
    f"import subprocess, sys; child = subprocess.Popen([sys.executable, '-c', {SLEEPER!r}]); "
    "print('up', child.pid, flush=True); child.wait()"
)
A_PROCESS_GROUP = f"""
import sys, time
from pathlib import Path
from conso_duel.embedded.processes import ProcessGroup
child = ProcessGroup().start("sleeper", [sys.executable, "-c", {WITH_A_CHILD!r}], Path(sys.argv[1]))
print(child.process.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def process_group() -> Iterator[ProcessGroup]:
    with closing(ProcessGroup()) as process_group:
        yield process_group


def start(process_group: ProcessGroup, source: str, folder: Path) -> Child:
    """A Python process that has printed its first line."""
    child = process_group.start("sleeper", [sys.executable, "-c", source], folder / "sleeper.log")
    wait_until_ready(child, lambda: "up" in child.log.read_text(), timeout_seconds=30)
    return child


def is_gone(pid: int) -> bool:
    """Whether the process has ended, even if nobody has asked for its exit code."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def grandchild_of(child: Child) -> int:
    return int(child.log.read_text().split()[1])


def test_a_stopped_child_takes_its_own_children_along(process_group: ProcessGroup, tmp_path: Path) -> None:
    child = start(process_group, WITH_A_CHILD, tmp_path)
    process_group.stop([child])
    assert child.exit_code == -signal.SIGTERM
    wait_until(lambda: is_gone(grandchild_of(child)))


def test_a_child_that_does_not_listen_is_killed(
    process_group: ProcessGroup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conso_duel.embedded.processes.STOP_TIMEOUT_SECONDS", 0.2)
    child = start(process_group, STUBBORN, tmp_path)
    process_group.stop([child])
    assert child.exit_code == -signal.SIGKILL


@pytest.mark.slow
def test_a_process_group_killed_outright_leaves_no_process_behind(tmp_path: Path) -> None:
    log = tmp_path / "sleeper.log"
    parent = subprocess.Popen(
        [sys.executable, "-c", A_PROCESS_GROUP, str(log)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    wait_until(lambda: "up" in log.read_text())
    grandchild = int(log.read_text().split()[1])
    parent.kill()
    parent.communicate()
    wait_until(lambda: is_gone(child) and is_gone(grandchild))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its parent")
def test_a_process_group_killed_with_its_watchdog_leaves_no_process_behind(tmp_path: Path) -> None:
    log = tmp_path / "sleeper.log"
    parent = subprocess.Popen(
        [sys.executable, "-c", A_PROCESS_GROUP.replace(repr(WITH_A_CHILD), repr(STUBBORN)), str(log)],
        stdout=subprocess.PIPE,
    )
    wait_until(lambda: log.exists() and "up" in log.read_text())
    children = psutil.Process(parent.pid).children(recursive=True)
    (watchdog,) = (child for child in children if any("watchdog" in word for word in child.cmdline()))
    for process in (watchdog, psutil.Process(parent.pid)):
        process.kill()
    parent.communicate()
    assert len(children) == 2
    wait_until(lambda: all(is_gone(child.pid) for child in children))


def test_the_watchdog_ends_with_a_process_group_that_closes(tmp_path: Path) -> None:
    others = set(psutil.Process().children())
    process_group = ProcessGroup()
    start(process_group, SLEEPER, tmp_path)
    process_group.close()
    assert set(psutil.Process().children()) == others


def test_waiting_for_a_child_that_dies_names_it_its_code_and_its_log(
    process_group: ProcessGroup, tmp_path: Path
) -> None:
    child = process_group.start("web", [sys.executable, "-c", "raise SystemExit(7)"], tmp_path / "web.log")
    with pytest.raises(ChildExited) as death:
        wait_until_ready(child, lambda: False, timeout_seconds=30)
    assert str(death.value) == f"web s’est arrêté (code 7)\u00a0: voir {tmp_path / 'web.log'}"


def test_a_child_ended_by_a_signal_names_the_signal(process_group: ProcessGroup, tmp_path: Path) -> None:
    child = start(process_group, SLEEPER, tmp_path)
    os.kill(child.process.pid, signal.SIGKILL)
    assert "signal SIGKILL" in str(child.exit_error())


def test_a_child_without_a_library_of_the_system_says_which(
    process_group: ProcessGroup, tmp_path: Path
) -> None:
    source = "import ctypes; ctypes.CDLL('libabsente.so.7')"
    child = process_group.start("sleeper", [sys.executable, "-c", source], tmp_path / "sleeper.log")
    with pytest.raises(ChildExited, match=r"sleeper s’est arrêté \(il manque au système libabsente\.so\.7\)"):
        wait_until_ready(child, lambda: False, timeout_seconds=30)


def test_waiting_for_a_child_that_never_is_ready_ends(process_group: ProcessGroup, tmp_path: Path) -> None:
    child = start(process_group, SLEEPER, tmp_path)
    with pytest.raises(ChildExited, match="n’est pas prêt"):
        wait_until_ready(child, lambda: False, timeout_seconds=0.1)
