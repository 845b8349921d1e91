"""Django's PostgreSQL backend, which checks a pooled connection by its socket instead of by a statement.

Django's own check sends SELECT 1 and waits: six statements of a duel's twenty-five (docs/performance.md). A
server that has closed a connection has sent its last message before, which makes the socket readable.
It leans on DatabaseWrapper.pool and .get_new_connection, which Django does not document; the way back is
ENGINE "django.db.backends.postgresql" with CONN_HEALTH_CHECKS.
"""

import select
from typing import Any

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """For the setting ENGINE. CONN_HEALTH_CHECKS must stay off, or Django checks each connection as well."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection of the pool whose socket has nothing to read; others are closed and replaced.

        The server sends nothing to an idle connection but the reason why it closes it.
        """
        connection = super().get_new_connection(conn_params)
        while self.pool and _has_input(connection.fileno()):
            connection.close()
            self.pool.putconn(connection)  # the pool opens another in place of a closed one
            connection = super().get_new_connection(conn_params)
        return connection


def _has_input(descriptor: int) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))
