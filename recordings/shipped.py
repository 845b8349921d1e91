"""The packs that the site ships: duels recorded here, played by the local models of `make run`."""

from pathlib import Path

from recordings.pack_format import Pack
from recordings.pack_schema import parse_pack

FOLDER = Path(__file__).parent / "packs"


def shipped_packs() -> list[Pack]:
    return [parse_pack(path.read_bytes()) for path in sorted(FOLDER.glob("*.json"))]
