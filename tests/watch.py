"""Runs tests again whenever a file of the project changes: `make watch FILE=tests/duels/test_voting.py`."""

import contextlib
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WATCHED = (".py", ".html", ".po", ".json", ".toml")
LEFT_OUT = {"vendor", "__pycache__", "node_modules"}
POLL_SECONDS = 0.5


def newest_change() -> float:
    """When a watched file was last written, in seconds since 1970."""
    folders = [path for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")]
    files = (path for folder in folders for path in folder.rglob("*") if path.suffix in WATCHED)
    return max(path.stat().st_mtime for path in files if not LEFT_OUT & set(path.parts))


def watch(arguments: list[str]) -> None:
    """Run pytest with these arguments at once, then after each change."""
    while True:
        seen = newest_change()
        subprocess.run([sys.executable, "-m", "pytest", "-q", *arguments], cwd=ROOT, check=False)
        while newest_change() <= seen:
            time.sleep(POLL_SECONDS)
        print()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        watch(sys.argv[1:])
