"""Changes of the Python sources, for `make dev`."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent


def source_dirs() -> list[Path]:
    """The packages of the project, tests left out."""
    packages = sorted(path.parent for path in PROJECT.glob("*/__init__.py"))
    return [package for package in packages if package.name != "tests"]


class SourceWatcher:
    """Compares the dates of the sources with those of the last look."""

    def __init__(self) -> None:
        self._dates = _dates()

    def has_changed(self) -> bool:
        """Whether a source was changed, added or removed since the last call."""
        before, self._dates = self._dates, _dates()
        return before != self._dates


def _dates() -> dict[Path, float]:
    sources = (path for folder in source_dirs() for path in folder.rglob("*.py"))
    return {path: path.stat().st_mtime for path in sources}
