"""What the last clean end has left standing, so that the next start has nothing to prepare.

The stamp is on disk only between a clean end and the next start: after a crash, everything is prepared again.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from conso_duel.embedded.ports import free_port, is_free

PROJECT = Path(__file__).resolve().parent.parent.parent
# Tables, registry and static files come from these; packages bring their own, so their lock counts too.
SOURCES = ("uv.lock", "*/migrations/*.py", "*/management/commands/*.py", "*/catalogue/*", "static/**/*")
FILE = "prepared.json"
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Stamp:
    """The state of the sources, and the port of each local model: the registry's endpoints name it."""

    fingerprint: str
    model_ports: dict[str, int]


def take(state_dir: Path, database: str | Path) -> Stamp | None:
    """The stamp of the last clean end, which is removed; None when there is none that can be trusted.

    A database that is not a file is always prepared again: it may be a new one behind the same address.
    """
    path = state_dir / FILE
    try:
        stamp = Stamp(**json.loads(path.read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None
    path.unlink()
    return stamp if Path(database).is_file() else None


def leave(state_dir: Path, stamp: Stamp) -> None:
    """Say that everything stood at the end."""
    (state_dir / FILE).write_text(json.dumps(asdict(stamp)))


def for_this_start(models: Iterable[str], before: Stamp | None) -> Stamp:
    """The stamp of today's sources, with the models on the ports they had where those are free."""
    used = before.model_ports if before else {}
    ports = {model: port_like(used.get(model)) for model in models}
    return Stamp(fingerprint(PROJECT), ports)


def port_like(wanted: int | None) -> int:
    return wanted if wanted and is_free(LOOPBACK, wanted) else free_port()


def fingerprint(project: Path) -> str:
    """Changes with the name, the size or the date of any source, and with the database."""
    digest = hashlib.sha256(f"{project} {os.environ.get('DATABASE_URL', '')}\n".encode())
    for path in sources(project):
        status = path.stat()
        digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def sources(project: Path) -> Iterator[Path]:
    for pattern in SOURCES:
        yield from (path for path in sorted(project.glob(pattern)) if path.is_file())
