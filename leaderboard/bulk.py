"""Tables of whole numbers out of the database, without a Python object for each."""

from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import connection
from django.db.models import QuerySet

Integers = npt.NDArray[np.int64]


def whole_numbers(query: QuerySet[Any, Any]) -> Integers:
    """The columns of a values_list of whole numbers, shape (columns, rows); shape (0, 0) without rows."""
    cells = _copied(query) if connection.vendor == "postgresql" else _iterated(query)
    width = len(query.query.values_select) + len(query.query.annotation_select)
    return cells.reshape(-1, width).T if cells.size else np.empty((0, 0), dtype=np.int64)


def _copied(query: QuerySet[Any, Any]) -> Integers:
    """COPY sends text, which numpy reads without making a tuple of each row."""
    sql, parameters = query.query.sql_with_params()
    with connection.cursor() as cursor, cursor.copy(f"COPY ({sql}) TO STDOUT", parameters) as copy:
        text = b"".join(copy)
    return np.fromstring(text.decode("ascii"), dtype=np.int64, sep=" ")


def _iterated(query: QuerySet[Any, Any]) -> Integers:
    return np.fromiter(chain.from_iterable(query.iterator()), dtype=np.int64)
