"""Querysets whose SQL is compiled once per process, then run with other values.

What it buys: reading a duel takes 0.35 ms of processor time instead of 2.15 ms, and all its compiled reads
together save a fifth of what a duel costs (docs/performance.md).

What it leans on, none of it documented by Django: Query.get_compiler, SQLCompiler.as_sql, .select,
.get_converters and .connection, QuerySet(query=…), QuerySet._prefetch_related_lookups and ._iterable_class.
tests/web/test_compiled_query.py holds them to what they do today. The way back: delete this file, and let
each decorated function return list(queryset).
"""

from collections.abc import Callable
from copy import copy
from functools import wraps
from typing import Generic, TypeVar, TypeVarTuple

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler

M = TypeVar("M", bound=Model)
Values = TypeVarTuple("Values")
Value = str | int

FIRST_INT_SENTINEL = 31_000  # within the range of a smallint, and no constant of ours


class NotCompilable(Exception):
    """A queryset whose SQL does not hold each value exactly once, as it was given."""


def compiled_query(make: Callable[[*Values], QuerySet[M]]) -> Callable[[*Values], list[M]]:
    """Decorates a function that returns a queryset of some values: it returns the list of its rows instead.

    The function runs once, with sentinels for its values (each a str or an int). So it must not branch on
    them, and each must reach the database once and unchanged: by =, <, > and their like, not by a lookup that
    rewrites its value (contains, startswith), nor in a slice; a value that is compared twice is passed twice.
    Anything else raises NotCompilable on the first call, as prefetch_related and values() do. select_related,
    only, order_by and select_for_update work. A value must fit its column: Django checks no range here.
    """
    compiled: CompiledSQL[M] | None = None

    @wraps(make)
    def rows(*values: *Values) -> list[M]:
        nonlocal compiled
        if compiled is None:
            compiled = CompiledSQL(make, values)
        return compiled.fetch(values)

    return rows


class CompiledSQL(Generic[M]):
    """The SQL of one queryset, and which of its parameters stands for which value."""

    def __init__(self, make: Callable[..., QuerySet[M]], values: tuple[object, ...]) -> None:
        sentinels = [_sentinel(value, index) for index, value in enumerate(values)]
        queryset = make(*sentinels)
        has_prefetch = queryset._prefetch_related_lookups  # type: ignore[attr-defined]  # its stubs leave it out
        if has_prefetch or queryset._iterable_class is not ModelIterable:
            raise NotCompilable(f"{make.__name__} returns more than rows with their select_related")
        self._model = queryset.model
        self._compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        self._sql, params = self._compiler.as_sql()
        self._params = list(params)
        if any(self._params.count(sentinel) != 1 for sentinel in sentinels):
            raise NotCompilable(f"{make.__name__} must compare each of its values once, as it is given")
        self._positions = [self._params.index(sentinel) for sentinel in sentinels]
        # From what the database gives to values of Python: the same on every connection to it.
        self._converters = self._compiler.get_converters([column for column, *_ in self._compiler.select])

    def fetch(self, values: tuple[object, ...]) -> list[M]:
        """The rows for these values, read on this thread's connection."""
        params = self._params.copy()
        for position, value in zip(self._positions, values, strict=True):
            params[position] = value
        query = _PrecompiledQuery(self._compiler_with(tuple(params)))
        return list(QuerySet(self._model, query=query))  # type: ignore[arg-type]  # it needs get_compiler alone

    def _compiler_with(self, params: tuple[object, ...]) -> SQLCompiler:
        compiler: SQLCompiler = copy(self._compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        compiler.as_sql = lambda: (self._sql, params)  # type: ignore[method-assign, misc, assignment]
        compiler.get_converters = lambda columns: self._converters  # type: ignore[method-assign, assignment]
        return compiler


class _PrecompiledQuery:
    """Takes the place of a QuerySet's query."""

    def __init__(self, compiler: SQLCompiler) -> None:
        self._compiler = compiler

    def get_compiler(self, using: str) -> SQLCompiler:
        return self._compiler


def _sentinel(value: object, index: int) -> Value:
    """A value of the same type that no queryset of ours compares with by itself."""
    return f"sentinel {index}" if isinstance(value, str) else FIRST_INT_SENTINEL + index
