"""The lock of a state folder, between real processes: the system releases it with the one that holds it."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from conso_duel.embedded.lock import AlreadyRunning, locked

HOLDER = """
import sys, time
from pathlib import Path
from conso_duel.embedded.lock import locked
with locked(Path(sys.argv[1])) as lock:
    if sys.argv[2]:
        lock.publish_address(sys.argv[2])
    print("held", flush=True)
    time.sleep(600)
"""
ADDRESS = "http://127.0.0.1:8000/"


@contextmanager
def held(folder: Path, address: str = ADDRESS) -> Iterator["subprocess.Popen[str]"]:
    """Another process that holds the folder; it is killed at the end, at the latest."""
    command = [sys.executable, "-c", HOLDER, str(folder), address]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        try:
            yield holder
        finally:
            holder.kill()


def test_a_second_run_is_refused_with_the_address_of_the_first(tmp_path: Path) -> None:
    with held(tmp_path), pytest.raises(AlreadyRunning) as refused, locked(tmp_path):
        pass
    assert str(refused.value) == (
        f"Conso Duel tourne déjà ici\u00a0: {ADDRESS} (arrêtez-le avec Ctrl-C dans son terminal)."
    )


def test_a_run_that_is_still_starting_has_no_address_yet(tmp_path: Path) -> None:
    with held(tmp_path, address=""), pytest.raises(AlreadyRunning, match="démarre déjà"), locked(tmp_path):
        pass


def test_a_killed_run_leaves_neither_lock_nor_address(tmp_path: Path) -> None:
    with held(tmp_path) as holder:
        holder.kill()
        holder.wait()
        with locked(tmp_path), pytest.raises(AlreadyRunning, match="démarre déjà"), locked(tmp_path):
            pass


def test_a_run_that_ended_leaves_the_folder_free(tmp_path: Path) -> None:
    with locked(tmp_path / "new"):
        pass
    with locked(tmp_path / "new"):
        pass


def test_another_folder_is_free(tmp_path: Path) -> None:
    with held(tmp_path / "a"), locked(tmp_path / "b"):
        pass
