"""Read columns of integers from the database into numpy, without a Python object for each number."""

from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import connection, transaction
from django.db.models import QuerySet

Integers = npt.NDArray[np.int64]

# Enough for hundreds of thousands of groups in memory: sorting them on disk takes twice as long.
SORT_MEMORY = "64MB"
# Layout of binary COPY: https://www.postgresql.org/docs/current/sql-copy.html ("Binary Format").
COPY_HEADER_BYTES = 11 + 4 + 4  # signature, flags, length of an extension that no server writes
COPY_TRAILER_BYTES = 2


def read_int_columns(query: QuerySet[Any, Any]) -> Integers:
    """The columns of a `values_list` of integers, none of them NULL: shape (columns, rows).

    Shape (0, 0) when there is no row.
    """
    width = len(query.query.values_select) + len(query.query.annotation_select)
    table = copy_rows(query, width) if connection.vendor == "postgresql" else fetch_rows(query, width)
    return table.T if table.size else np.empty((0, 0), dtype=np.int64)


def copy_rows(query: QuerySet[Any, Any], width: int) -> Integers:
    """The rows by PostgreSQL's binary COPY, shape (rows, width)."""
    from psycopg import ClientCursor  # not at the top: a site on SQLite loads no PostgreSQL driver

    sql, parameters = query.query.sql_with_params()
    names = [f"c{number}" for number in range(width)]
    casts = ", ".join(f"{name}::bigint" for name in names)
    received = bytearray()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL work_mem = '{SORT_MEMORY}'")
        literal_sql = ClientCursor(cursor.connection).mogrify(sql, parameters)  # COPY takes no parameters
        selection = f"SELECT {casts} FROM ({literal_sql}) AS numbers ({', '.join(names)})"
        with cursor.copy(f"COPY ({selection}) TO STDOUT (FORMAT BINARY)") as blocks:
            for block in blocks:
                received += block
    # Of each row: the number of fields, then the length and the value of each field.
    row = np.dtype([("width", ">i2"), ("fields", [("length", ">i4"), ("value", ">i8")], width)])
    rows = np.frombuffer(memoryview(received)[COPY_HEADER_BYTES:-COPY_TRAILER_BYTES], dtype=row)
    return rows["fields"]["value"].astype(np.int64)


def fetch_rows(query: QuerySet[Any, Any], width: int) -> Integers:
    """The rows by a plain cursor, shape (rows, width)."""
    return np.array(list(query.iterator()), dtype=np.int64).reshape(-1, width)
