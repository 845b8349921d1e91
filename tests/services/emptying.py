"""What the database keeps when it is emptied after a test that others could see."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.management.commands import flush
from django.db import OperationalError
from django.db.backends.postgresql.operations import DatabaseOperations
from psycopg.errors import DeadlockDetected

RIGHTS = {"django_content_type", "auth_permission", "auth_group", "auth_group_permissions"}
TRIES = 10  # a worker that begins a turn asks one question after the other


def keep_rights() -> None:
    """Kinds of content, permissions and groups outlive a test, as they outlive a day.

    Made again they would have other keys, which a web server of this session does not expect; and to make
    them again after each of a thousand tests takes minutes.
    """
    empty = DatabaseOperations.sql_flush

    def empty_but_rights(
        self: DatabaseOperations, style: Any, tables: Iterable[str], **options: Any
    ) -> list[str]:
        return empty(self, style, [table for table in tables if table not in RIGHTS], **options)

    DatabaseOperations.sql_flush = empty_but_rights  # type: ignore[method-assign,assignment]
    patient = _again_after_deadlock(DatabaseOperations.execute_sql_flush)
    DatabaseOperations.execute_sql_flush = patient  # type: ignore[method-assign]
    flush.emit_post_migrate_signal = _nothing_to_make_again


def _again_after_deadlock(execute: Callable[..., None]) -> Callable[..., None]:
    """A worker may be storing its last answer: where both wait for the other, PostgreSQL ends one of them."""

    def executed(self: DatabaseOperations, statements: Iterable[str]) -> None:
        for tries_left in reversed(range(TRIES)):
            try:
                return execute(self, statements)
            except OperationalError as error:
                if not (tries_left and isinstance(error.__cause__, DeadlockDetected)):
                    raise

    return executed


def _nothing_to_make_again(*_: object, **__: object) -> None:
    """The signal after which Django, and our apps, make the rights."""
