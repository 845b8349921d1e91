"""How the database is emptied after a test that others could see (`transactional_db`), and what it keeps."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.management.commands import flush
from django.db import OperationalError
from django.db.backends.postgresql.operations import DatabaseOperations
from psycopg.errors import DeadlockDetected

LASTING_TABLES = {
    "django_content_type", "auth_permission", "auth_group", "auth_group_permissions",
    "duels_suggestion", "duels_votereason",
}  # fmt: skip
TRIES = 10  # a worker that starts a turn sends one query after the other


def install() -> None:
    """Make Django's flush delete the rows of all tables but those that migrations fill.

    Permissions and groups outlive a test, as they outlive a day: recreated, they would have other keys, which
    a web server of this session does not expect. To delete a few rows takes 6 ms, where TRUNCATE takes 90.
    """
    DatabaseOperations.sql_flush = _delete_rows  # type: ignore[method-assign,assignment]
    retried = _retry_after_deadlock(DatabaseOperations.execute_sql_flush)
    DatabaseOperations.execute_sql_flush = retried  # type: ignore[method-assign]
    flush.emit_post_migrate_signal = _recreate_nothing


def _delete_rows(self: DatabaseOperations, style: Any, tables: Iterable[str], **options: Any) -> list[str]:
    """The statements, for one transaction; other processes that write wait for its end."""
    names = [self.quote_name(table) for table in tables if table not in LASTING_TABLES]
    if not names:
        return []
    return [
        f"LOCK TABLE {', '.join(names)} IN SHARE ROW EXCLUSIVE MODE",
        "SET LOCAL session_replication_role = replica",  # all rows go: foreign keys need no check
        *(f"DELETE FROM {name}" for name in names),
    ]


def _retry_after_deadlock(execute: Callable[..., None]) -> Callable[..., None]:
    """A worker may be storing its last answer: where both wait for the other, PostgreSQL ends one of them."""

    def executed(self: DatabaseOperations, statements: Iterable[str]) -> None:
        for tries_left in reversed(range(TRIES)):
            try:
                return execute(self, statements)
            except OperationalError as error:
                if not (tries_left and isinstance(error.__cause__, DeadlockDetected)):
                    raise

    return executed


def _recreate_nothing(*_: object, **__: object) -> None:
    """In place of the signal after which Django, and our apps, create the permissions."""
