"""One run in one state folder: a second one would take the demo models away from the first."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from conso_duel.console import gettext as _
from conso_duel.console import site_name
from conso_duel.embedded.processes import RunFailed

FILE_NAME = "run.lock"


class AlreadyRunning(RunFailed):
    """Another run holds the folder."""


class StateLock:
    """The lock of this run, with the address at which its site opens once that is known."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def publish_address(self, address: str) -> None:
        self._file.truncate(0)
        self._file.write(address)
        self._file.flush()


@contextmanager
def locked(state_dir: Path) -> Iterator[StateLock]:
    """Hold the folder until the block ends; raises AlreadyRunning when another run holds it.

    The system releases the lock with the process, however it ends. The children do not inherit it.
    """
    make_private(state_dir)
    (state_dir / FILE_NAME).touch(mode=0o600)
    with (state_dir / FILE_NAME).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise AlreadyRunning(_refusal(file.read())) from None
        lock = StateLock(file)
        lock.publish_address("")
        yield lock


def make_private(state_dir: Path) -> None:
    """Make the folder, and what an earlier version left in it, accessible to its owner alone."""
    state_dir.mkdir(parents=True, exist_ok=True)
    for path in (state_dir, *state_dir.glob("*"), *state_dir.glob("logs/*")):
        mode = path.lstat().st_mode
        if mode & 0o077 and not path.is_symlink():
            path.chmod(mode & 0o700)


def _refusal(address: str) -> str:
    if not address:
        message = _("%(site)s démarre déjà dans ce dossier : son terminal dira à quelle adresse.")
        return message % {"site": site_name()}
    message = _("%(site)s tourne déjà ici : %(address)s (arrêtez-le avec Ctrl-C dans son terminal).")
    return message % {"site": site_name(), "address": address}
