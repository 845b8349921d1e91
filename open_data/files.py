"""Write a table as JSON Lines and as Parquet: the same rows give the same bytes."""

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from open_data.columns import Kind, Table

ROW_GROUP = 5_000  # rows in memory, and in one group of a Parquet file
TYPES = {
    Kind.TEXT: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.BOOLEAN: pa.bool_(),
    Kind.TEXTS: pa.list_(pa.string()),
}


def write_table(folder: Path, table: Table, rows: Iterable[dict[str, Any]], month: str = "") -> int:
    """Write <table>[-<month>].jsonl.gz and .parquet; returns how many rows there were."""
    stem = folder / "-".join(filter(None, (table.name, month)))
    schema = pa.schema([(column.name, TYPES[column.kind]) for column in table.columns])
    remaining, written = iter(rows), 0
    with (
        _gzip(stem.with_name(f"{stem.name}.jsonl.gz")) as lines,
        parquet.ParquetWriter(stem.with_name(f"{stem.name}.parquet"), schema, compression="zstd") as columns,
    ):
        while group := [_complete(table, row) for row in islice(remaining, ROW_GROUP)]:
            lines.write(b"".join(_line(row) for row in group))
            columns.write_table(pa.Table.from_pylist(group, schema=schema))
            written += len(group)
    return written


@contextmanager
def _gzip(path: Path) -> Iterator[gzip.GzipFile]:
    """A compressed file without name and hour, which would differ from one run to the next."""
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as compressed:
        yield compressed


def _complete(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """The row in the order of the columns, null where it says nothing."""
    return {
        column.name: row.get(column.name, [] if column.kind is Kind.TEXTS else None)
        for column in table.columns
    }


def _line(row: dict[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def sha256_of(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
