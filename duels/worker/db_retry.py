"""What a worker does when the database is away: it waits, within bounds, instead of losing an answer."""

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections

logger = logging.getLogger(__name__)

PATIENCE_SECONDS = settings.STALE_AFTER_SECONDS  # after that, the reaper may take the answer away
PAUSE_SECONDS = 0.5
Result = TypeVar("Result")


def patiently(work: Callable[[], Result]) -> Result:
    """What `work` returns, tried again while the database is away; its error after PATIENCE_SECONDS.

    It may be done twice: an answer of the database that was lost on the way says nothing of what it has done.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    tries = 0
    while True:
        try:
            return work()
        except (OperationalError, InterfaceError) as error:
            tries += 1
            if tries == 1:
                logger.warning("the database is away, an answer waits for it: %s", type(error).__name__)
            if time.monotonic() > deadline:
                raise
        close_old_connections()
        time.sleep(PAUSE_SECONDS)
