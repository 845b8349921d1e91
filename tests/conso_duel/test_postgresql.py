"""Connections to PostgreSQL: one that it has ended is never handed out, a live one is not asked."""

import psycopg
import pytest
from django.db import connection, connections

from duels.models import Duel

pytestmark = pytest.mark.django_db(transaction=True)

FROM_OTHERS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
PIDS = f"SELECT pid {FROM_OTHERS}"
SAID_LAST = f"SELECT pid, query, state_change {FROM_OTHERS} ORDER BY pid"


@pytest.fixture
def beside() -> psycopg.Connection:
    """A connection of its own, not one of the pool."""
    return psycopg.connect(**connection.get_connection_params() | {"autocommit": True})


def process_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def test_a_connection_that_the_server_has_ended_is_replaced(beside: psycopg.Connection) -> None:
    before = process_id()
    connections.close_all()
    with beside:
        for (number,) in beside.execute(PIDS).fetchall():
            beside.execute("SELECT pg_terminate_backend(%s, 2000)", [number])
    assert process_id() != before


def test_a_live_connection_is_not_asked_anything(beside: psycopg.Connection) -> None:
    process_id()
    connections.close_all()
    with beside:
        before = beside.execute(SAID_LAST).fetchall()
        connection.ensure_connection()
        assert beside.execute(SAID_LAST).fetchall() == before


def test_what_is_asked_again_is_planned_once() -> None:
    for _ in range(8):
        assert not Duel.objects.filter(code="nulle-part").exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%duels_duel%%'")
        assert cursor.fetchone() == (1,)
