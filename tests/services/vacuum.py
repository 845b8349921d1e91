"""Dead rows leave the tables between tests: autovacuum is off (`postgres.NO_STATISTICS`).

A test rolls back what it has inserted; its rows stay behind as dead ones, which every later query reads over.
After 160 tests with the whole registry, a query of its models takes twenty times as long.
"""

from itertools import count

import psycopg
from psycopg import sql

TESTS_BETWEEN = 10
LARGE_BYTES = 1_000_000
LARGE_TABLES = """
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > %s
"""
# Also of its indexes: VACUUM has written how few rows it left, and the planner is to go on guessing.
CLEAR_STATISTICS = """
    SELECT pg_clear_relation_stats('public', relname) FROM pg_class
    WHERE oid = to_regclass(%s) OR oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = to_regclass(%s))
"""
tests = count()


def between_tests() -> None:
    """Vacuum the large tables before every tenth test with a database."""
    if next(tests) % TESTS_BETWEEN == 0:
        vacuum_large_tables()


def vacuum_large_tables() -> None:
    """Over a connection of its own: VACUUM runs in no transaction."""
    from django.db import connection

    with psycopg.connect(**connection.get_connection_params() | {"autocommit": True}) as own:
        for (table,) in own.execute(LARGE_TABLES, [LARGE_BYTES]).fetchall():
            own.execute(sql.SQL("VACUUM {}").format(sql.Identifier(table)))
            own.execute(CLEAR_STATISTICS, [table, table])
