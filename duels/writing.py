"""INSERT and UPDATE of plain values whose SQL is written once, as prepared.py does for what is read."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Field, Model, QuerySet
from django.db.models.fields import NOT_PROVIDED
from django.db.models.functions import Now

Names = tuple[str, ...]
Fields = list["Field[Any, Any]"]


def insert(*rows: Model) -> None:
    """Inserts new rows of one model, as bulk_create does, and gives each its key."""
    connection = connections[DEFAULT_DB_ALIAS]
    sql, fields = _insertion(type(rows[0]), len(rows))
    given = [(field, field.pre_save(row, add=True)) for row in rows for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, [field.get_db_prep_save(value, connection) for field, value in given])
        keys = cursor.fetchall()
    for row, (key,) in zip(rows, keys, strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def update(
    model: type[Model], where: Mapping[str, Any], values: Mapping[str, Any], now: Names = ()
) -> list[Any]:
    """Gives these values to the rows whose columns equal all that `where` says; returns the keys of the rows.

    Both are plain values, by the name of their column in Python. now: columns that take the moment of the
    statement, by the clock of the database.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    sql, fields = _change(model, tuple(values), tuple(where), now)
    given = zip(fields, [*values.values(), *where.values()], strict=True)
    with connection.cursor() as cursor:
        cursor.execute(sql, [field.get_db_prep_save(value, connection) for field, value in given])
        return [key for (key,) in cursor.fetchall()]


@cache
def _insertion(model: type[Model], rows: int) -> tuple[str, Fields]:
    """The statement for so many rows, and the columns it fills; the database fills in the others."""
    fields = [field for field in model._meta.concrete_fields if not _is_filled_in(field)]
    columns = ", ".join(_quoted(field.column) for field in fields)
    row = f"({', '.join(['%s'] * len(fields))})"
    table, key = _quoted(model._meta.db_table), _quoted(model._meta.pk.column)
    return f"INSERT INTO {table} ({columns}) VALUES {', '.join([row] * rows)} RETURNING {key}", fields


@cache
def _change(model: type[Model], changed: Names, compared: Names, now: Names) -> tuple[str, Fields]:
    """The statement, and the fields of its values in their order."""
    by_name = {name: field for field in model._meta.concrete_fields for name in (field.name, field.attname)}
    fields = [by_name[name] for name in (*changed, *compared)]
    equal = [f"{_quoted(field.column)} = %s" for field in fields]
    clock, _ = QuerySet(model).query.get_compiler(DEFAULT_DB_ALIAS).compile(Now())
    timed = [f"{_quoted(by_name[name].column)} = {clock}" for name in now]
    values, conditions = ", ".join(equal[: len(changed)] + timed), " AND ".join(equal[len(changed) :])
    table, key = _quoted(model._meta.db_table), _quoted(model._meta.pk.column)
    return f"UPDATE {table} SET {values} WHERE {conditions} RETURNING {key}", fields


def _is_filled_in(field: "Field[Any, Any]") -> bool:
    return field.primary_key or (field.db_default is not NOT_PROVIDED and not field.has_default())


def _quoted(name: str | None) -> str:
    return f'"{name}"'
