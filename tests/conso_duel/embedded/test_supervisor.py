import os
import signal
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from conso_duel.embedded import supervisor as module
from conso_duel.embedded.processes import ChildExited, ProcessGroup
from conso_duel.embedded.services import Service
from conso_duel.embedded.supervisor import Supervisor

SLEEP = "import time; time.sleep(600)"
CRASH = "raise SystemExit(3)"


@pytest.fixture
def process_group() -> Iterator[ProcessGroup]:
    with closing(ProcessGroup()) as process_group:
        yield process_group


def python_service(name: str, source: str, *, ready: bool = True, essential: bool = True) -> Service:
    return Service(
        name, (sys.executable, "-c", source), lambda log: ready, timeout_seconds=30, essential=essential
    )


@pytest.fixture
def short_delays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_DELAY_SECONDS", 0.001)
    monkeypatch.setattr(module, "WATCH_SECONDS", 0.01)


def test_an_essential_service_that_does_nothing_but_exit_ends_the_watch(
    process_group: ProcessGroup, tmp_path: Path, short_delays: None, capsys: pytest.CaptureFixture[str]
) -> None:
    supervisor = Supervisor(process_group, tmp_path / "logs")
    supervisor.start([python_service("web", SLEEP), python_service("worker", CRASH)])
    with pytest.raises(ChildExited, match=r"worker s’est arrêté \(code 3\)"):
        supervisor.watch()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == module.MAX_EXITS - 1
    log = tmp_path / "logs" / "worker.previous.log"
    assert set(lines) == {f"worker s’est arrêté (code 3)\u00a0: voir {log}\u00a0; il est relancé."}


class Enough(Exception):
    """Ends a watch."""


@pytest.mark.parametrize("essential", [True, False])
def test_what_is_killed_is_started_again_and_the_others_go_on(
    process_group: ProcessGroup, tmp_path: Path, short_delays: None, essential: bool
) -> None:
    supervisor = Supervisor(process_group, tmp_path / "logs")
    supervisor.start([python_service("valkey", SLEEP, essential=essential)])
    supervisor.start([python_service("web", SLEEP), python_service("beat", SLEEP, essential=essential)])
    pids = {child.name: child.process.pid for child in process_group.children}
    os.kill(pids["valkey"], signal.SIGKILL)
    os.kill(pids["beat"], signal.SIGKILL)

    def end_once_all_run() -> None:
        running = {child.name: child.process.pid for child in process_group.children}
        if len(running) == 3 and not {pids["valkey"], pids["beat"]} & set(running.values()):
            assert running["web"] == pids["web"]
            raise Enough

    with pytest.raises(Enough):
        supervisor.watch(end_once_all_run)
    supervisor.stop()
    assert process_group.children == []


def test_an_essential_service_that_never_gets_ready_ends_the_start(
    process_group: ProcessGroup, tmp_path: Path
) -> None:
    supervisor = Supervisor(process_group, tmp_path / "logs")
    supervisor.start([python_service("web", CRASH, ready=False)])
    with pytest.raises(ChildExited, match=r"web s’est arrêté \(code 3\)"):
        supervisor.wait_until_ready()


def test_a_model_that_exits_is_reported_in_one_line_and_the_rest_goes_on(
    process_group: ProcessGroup, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    supervisor = Supervisor(process_group, tmp_path / "logs")
    supervisor.start(
        [python_service("petit", CRASH, ready=False, essential=False), python_service("web", SLEEP)]
    )
    supervisor.wait_until_ready()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("petit s’est arrêté (code 3)")
    assert [child.name for child in process_group.children] == ["web"]


def test_stopping_ends_every_wave(process_group: ProcessGroup, tmp_path: Path) -> None:
    supervisor = Supervisor(process_group, tmp_path / "logs")
    supervisor.start([python_service("valkey", SLEEP)])
    supervisor.start([python_service("worker", SLEEP), python_service("web", SLEEP)])
    supervisor.stop()
    assert process_group.children == []


def test_each_service_has_its_log(process_group: ProcessGroup, tmp_path: Path) -> None:
    supervisor = Supervisor(process_group, tmp_path / "logs")
    supervisor.start([python_service("web", "print('bonjour'); raise SystemExit(1)", ready=False)])
    with pytest.raises(ChildExited):
        supervisor.wait_until_ready()
    assert (tmp_path / "logs" / "web.log").read_text() == "bonjour\n"


def test_a_restarted_service_runs_in_a_new_process_and_is_stopped_with_the_others(
    process_group: ProcessGroup, tmp_path: Path
) -> None:
    supervisor = Supervisor(process_group, tmp_path / "logs")
    worker = python_service("worker", SLEEP)
    supervisor.start([worker, python_service("web", SLEEP)])
    before = {child.name: child.process.pid for child in process_group.children}
    supervisor.restart(worker)
    after = {child.name: child.process.pid for child in process_group.children}
    assert after["worker"] != before["worker"]
    assert after["web"] == before["web"]
    supervisor.stop()
    assert process_group.children == []


def test_a_service_that_exited_is_started_again(process_group: ProcessGroup, tmp_path: Path) -> None:
    supervisor = Supervisor(process_group, tmp_path / "logs")
    worker = python_service("worker", CRASH, ready=False, essential=False)
    supervisor.start([worker])
    supervisor.wait_until_ready()
    assert process_group.children == []
    supervisor.restart(worker)
    assert [child.name for child in process_group.children] == ["worker"]
