"""Scripts that a page always loads together, collected as one file: each request costs a visitor time.

The sources stay one subject each. A module's names are its own, and so are those of a block: a bundle is the
modules one after the other, each within braces. They cannot import.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

LIVE_TURN = ("text-lines", "text-blocks", "stream-text", "answer", "stream", "plain-requests", "live-turn")
BUNDLES = {
    "js/recorded-duel.js": ["js/recorded-text.js", "js/replay.js"],
    "js/live-answers.js": [f"js/{name}.js" for name in LIVE_TURN],
    "js/workshop-screen.js": [
        f"js/workshop/{name}.js" for name in ("parts", "live", "clock", "answers", "scroll", "lens")
    ]
    + ["js/recorded-text.js", "js/replay.js"],
    "js/workshop-keys.js": ["js/workshop/send.js", "js/workshop/keys.js"],
    "js/workshop-console.js": [
        f"js/workshop/{name}.js" for name in ("parts", "live", "clock", "send", "ideas", "secret")
    ],
    "js/workshop-participant.js": [
        f"js/workshop/{name}.js" for name in ("parts", "live", "clock", "ballots")
    ],
}


class BundleFinder(BaseFinder):
    """Finds the bundles, which are written anew each time from their sources."""

    def __init__(self, app_names: Any = None, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=settings.STATE_DIR / "bundles")
        super().__init__(*args, **kwargs)

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if path not in BUNDLES:
            return []
        found = str(self._write(path))
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        for path in BUNDLES:
            self._write(path)
            yield path, self.storage

    def _write(self, path: str) -> Path:
        target = Path(self.storage.path(path))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(bundle(path), encoding="utf-8")
        return target


def bundle(path: str) -> str:
    """The text of a bundle."""
    sources = [settings.BASE_DIR / "static" / source for source in BUNDLES[path]]
    return "".join(f"{{\n{source.read_text(encoding='utf-8')}}}\n" for source in sources)
