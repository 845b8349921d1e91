"""Django's PostgreSQL, with a look at each connection that the pool hands out instead of a question to it.

Django's own check asks the server and waits for its answer: six statements of a duel's twenty-five
(docs/performance.md). A server that has gone has said goodbye, which waits in the socket.
"""

import select
from typing import Any

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """What Django's ENGINE names; CONN_HEALTH_CHECKS must stay off, or each connection is asked as well."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection with nothing to read: one that waits for a question hears of its own end alone."""
        connection = super().get_new_connection(conn_params)
        while self.pool and _has_input(connection.fileno()):
            connection.close()
            self.pool.putconn(connection)  # which replaces what is closed
            connection = super().get_new_connection(conn_params)
        return connection


def _has_input(descriptor: int) -> bool:
    look = select.poll()
    look.register(descriptor, select.POLLIN)
    return bool(look.poll(0))
