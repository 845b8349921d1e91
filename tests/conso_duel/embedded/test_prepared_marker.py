import os
import socket
from pathlib import Path

import pytest

from conso_duel.embedded import prepared_marker
from conso_duel.embedded.prepared_marker import Stamp


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one source of each kind."""
    for name in ("uv.lock", "duels/migrations/0001_initial.py", "static/css/page.css"):
        path = tmp_path / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("as it is")
    return tmp_path / "project"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "conso_duel.sqlite3"
    path.touch()
    return path


def test_what_is_left_at_the_end_is_taken_once(tmp_path: Path, database: Path) -> None:
    left = Stamp("abc", {"petit": 8101})
    prepared_marker.leave(tmp_path, left)
    assert prepared_marker.take(tmp_path, database) == left
    assert prepared_marker.take(tmp_path, database) is None


def test_without_its_database_a_stamp_is_not_trusted(tmp_path: Path, database: Path) -> None:
    prepared_marker.leave(tmp_path, Stamp("abc", {}))
    database.unlink()
    assert prepared_marker.take(tmp_path, database) is None


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"fingerprint": "abc"}', "null"])
def test_a_damaged_stamp_counts_for_none(tmp_path: Path, database: Path, text: str) -> None:
    (tmp_path / prepared_marker.FILE).write_text(text)
    assert prepared_marker.take(tmp_path, database) is None


def test_sources_that_stay_give_the_same_fingerprint(project: Path) -> None:
    assert prepared_marker.fingerprint(project) == prepared_marker.fingerprint(project)


@pytest.mark.parametrize("name", ["uv.lock", "duels/migrations/0001_initial.py", "static/css/page.css"])
def test_a_source_that_changes_gives_another_fingerprint(project: Path, name: str) -> None:
    before = prepared_marker.fingerprint(project)
    os.utime(project / name, (1, 1))
    assert prepared_marker.fingerprint(project) != before


def test_a_new_migration_gives_another_fingerprint(project: Path) -> None:
    before = prepared_marker.fingerprint(project)
    (project / "duels/migrations/0002_more.py").touch()
    assert prepared_marker.fingerprint(project) != before


def test_another_database_gives_another_fingerprint(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = prepared_marker.fingerprint(project)
    monkeypatch.setenv("DATABASE_URL", "sqlite:////elsewhere.sqlite3")
    assert prepared_marker.fingerprint(project) != before


def test_a_model_keeps_its_port_while_it_is_free() -> None:
    first = prepared_marker.for_this_start(["petit"], None)
    assert prepared_marker.for_this_start(["petit"], first) == first


def test_a_model_whose_port_is_taken_gets_another() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        before = Stamp("abc", {"petit": other.getsockname()[1]})
        assert prepared_marker.for_this_start(["petit"], before).model_ports != before.model_ports
