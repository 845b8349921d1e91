"""Rows that tests roll back leave the tables, and the planner learns nothing of it."""

from django.db import connection, transaction

from models_registry.models import LanguageModel
from tests.services import starter_rows, vacuum


def bytes_and_rows() -> tuple[int, float]:
    """Size of the table of models, and how many rows the planner believes in; -1 where it guesses."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_relation_size(oid), reltuples FROM pg_class WHERE oid = to_regclass(%s)",
            [LanguageModel._meta.db_table],
        )
        size, rows = cursor.fetchone()
    return size, rows


def test_dead_rows_leave_a_large_table(transactional_db: None, starter_catalogue: None) -> None:
    while bytes_and_rows()[0] <= vacuum.LARGE_BYTES:
        with transaction.atomic():
            starter_rows.insert()
            transaction.set_rollback(True)
    vacuum.vacuum_large_tables()
    assert bytes_and_rows() == (0, -1)
