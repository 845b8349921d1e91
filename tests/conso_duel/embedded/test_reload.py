from collections.abc import Iterator
from pathlib import Path

import pytest

from conso_duel.embedded import reload


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A project of two packages, one of them of tests."""
    for package in ("duels", "tests"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    monkeypatch.setattr(reload, "PROJECT", tmp_path)
    yield tmp_path


def test_the_packages_are_watched_and_the_tests_are_not(project: Path) -> None:
    assert reload.source_dirs() == [project / "duels"]


def test_each_change_is_seen_once(project: Path) -> None:
    watcher = reload.SourceWatcher()
    assert not watcher.has_changed()
    (project / "duels" / "models.py").touch()
    assert watcher.has_changed()
    assert not watcher.has_changed()
    (project / "duels" / "models.py").unlink()
    assert watcher.has_changed()


def test_what_is_no_source_changes_nothing(project: Path) -> None:
    watcher = reload.SourceWatcher()
    (project / "duels" / "notes.txt").touch()
    (project / "tests" / "test_models.py").touch()
    assert not watcher.has_changed()
