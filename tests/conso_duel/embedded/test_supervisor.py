import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from conso_duel.embedded.processes import ChildDied, Family
from conso_duel.embedded.services import Part
from conso_duel.embedded.supervisor import Supervisor

SLEEP = "import time; time.sleep(600)"
CRASH = "raise SystemExit(3)"


@pytest.fixture
def family() -> Iterator[Family]:
    with closing(Family()) as family:
        yield family


def python_part(name: str, source: str, *, ready: bool = True, essential: bool = True) -> Part:
    return Part(
        name, (sys.executable, "-c", source), lambda log: ready, timeout_seconds=30, essential=essential
    )


def test_an_essential_part_that_ends_is_told_and_ends_the_watch(family: Family, tmp_path: Path) -> None:
    supervisor = Supervisor(family, tmp_path / "logs")
    supervisor.start([python_part("web", SLEEP), python_part("worker", CRASH)])
    with pytest.raises(ChildDied, match=r"worker s’est arrêté \(code 3\)"):
        supervisor.watch()


def test_an_essential_part_that_never_gets_ready_is_told(family: Family, tmp_path: Path) -> None:
    supervisor = Supervisor(family, tmp_path / "logs")
    supervisor.start([python_part("web", CRASH, ready=False)])
    with pytest.raises(ChildDied, match=r"web s’est arrêté \(code 3\)"):
        supervisor.wait_until_ready()


def test_a_model_that_ends_is_told_in_one_line_and_the_rest_goes_on(
    family: Family, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    supervisor = Supervisor(family, tmp_path / "logs")
    supervisor.start([python_part("petit", CRASH, ready=False, essential=False), python_part("web", SLEEP)])
    supervisor.wait_until_ready()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("petit s’est arrêté (code 3)")
    assert [child.name for child in family.children] == ["web"]
    assert not supervisor.is_whole


def test_stopping_ends_every_wave(family: Family, tmp_path: Path) -> None:
    supervisor = Supervisor(family, tmp_path / "logs")
    supervisor.start([python_part("valkey", SLEEP)])
    supervisor.start([python_part("worker", SLEEP), python_part("web", SLEEP)])
    assert supervisor.is_whole
    supervisor.stop()
    assert family.children == []


def test_each_part_has_its_log(family: Family, tmp_path: Path) -> None:
    supervisor = Supervisor(family, tmp_path / "logs")
    supervisor.start([python_part("web", "print('bonjour'); raise SystemExit(1)", ready=False)])
    with pytest.raises(ChildDied):
        supervisor.wait_until_ready()
    assert (tmp_path / "logs" / "web.log").read_text() == "bonjour\n"
