"""Retries of database work: a worker waits for a database that is down instead of losing an answer."""

import logging
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = settings.STALE_AFTER_SECONDS  # after that, the reaper may fail the answer
RETRY_SECONDS = 0.5
Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def retry_on_db_outage(work: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Retry while the database is down, for TIMEOUT_SECONDS, then raise its error.

    `work` may run twice: when a reply of the database is lost, what it did is not known.
    """

    @wraps(work)
    def retried(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        deadline = time.monotonic() + TIMEOUT_SECONDS
        is_first = True
        while True:
            try:
                return work(*args, **kwargs)
            except (OperationalError, InterfaceError) as error:
                if is_first:
                    logger.warning("the database is down, an answer waits: %s", type(error).__name__)
                is_first = False
                if time.monotonic() > deadline:
                    raise
            close_old_connections()
            time.sleep(RETRY_SECONDS)

    return retried
