"""Queries whose SQL is written once: Django writes it anew each time, which takes longer than the answer.

A duel with all that is around it takes 2.6 ms as querysets (docs/performance.md).
"""

from collections.abc import Callable
from copy import copy
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler

M = TypeVar("M", bound=Model)
Value = str | int


class Prepared(Generic[M]):
    """A queryset of some values, each compared with = to columns of its own kind; select_related is kept.

    make: the queryset for the values that are given; asked once, with values that stand for them.
    """

    def __init__(self, make: Callable[..., QuerySet[M]]) -> None:
        self._make = make
        self._written: _Written | None = None

    def __call__(self, *values: Value) -> list[M]:
        """The rows for these values, as the queryset would give them."""
        written = self._written = self._written or _Written(self._make, values)
        return list(QuerySet(written.model, query=written.query(values)))


class _Written:
    """The SQL, and where in it each value stands."""

    def __init__(self, make: Callable[..., QuerySet[Any]], values: tuple[Value, ...]) -> None:
        marks = [_mark(value, place) for place, value in enumerate(values)]
        queryset = make(*marks)
        self.model = queryset.model
        self._compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        self._sql, params = self._compiler.as_sql()
        # What makes a column's value of what the database gives: it depends on the kind of database alone.
        self._converters = self._compiler.get_converters([column for column, *_ in self._compiler.select])
        self._params = [(marks.index(param), param) if param in marks else (None, param) for param in params]

    def query(self, values: tuple[Value, ...]) -> Any:
        """What stands in a queryset in place of a query that is still to be written."""
        compiler = copy(self._compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]  # each thread has its own
        params = tuple(param if place is None else values[place] for place, param in self._params)
        compiler.as_sql = lambda: (self._sql, params)
        compiler.get_converters = lambda columns: self._converters
        return _Ready(compiler)


def _mark(value: Value, place: int) -> Value:
    """What no queryset compares with by itself, of the kind of the value and in the range of any column."""
    return f"value {place}" if isinstance(value, str) else 31_000 + place


class _Ready:
    def __init__(self, compiler: SQLCompiler) -> None:
        self._compiler = compiler

    def get_compiler(self, using: str) -> SQLCompiler:
        return self._compiler
