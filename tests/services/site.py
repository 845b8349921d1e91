"""The real processes of the site: an ASGI server and a Celery worker, on the database of the tests."""

import os
from functools import partial
from pathlib import Path

from django.db import connection

from conso_duel.embedded.processes import Child, Family, wait_until_ready
from conso_duel.embedded.services import Part


def start(family: Family, part: Part, folder: Path) -> Child:
    """The part's process, once it answers."""
    child = family.start(part.name, part.command, log=folder / f"{part.name}.log", env=environment())
    wait_until_ready(child, partial(part.is_ready, child.log), part.timeout_seconds)
    return child


def environment() -> dict[str, str]:
    """Ours, with the database that pytest-django made instead of the one the settings name."""
    address, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    # The browser's fixture sets it for this process alone: in a server it would hide a blocking call.
    inherited = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    return inherited | {"DATABASE_URL": f"{address}/{connection.settings_dict['NAME']}"}
