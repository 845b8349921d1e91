"""The real processes of the site: an ASGI server and a Celery worker, on the database of the tests."""

import os
from functools import partial
from pathlib import Path

from django.db import connection

from conso_duel.embedded.processes import Child, ProcessGroup, wait_until_ready
from conso_duel.embedded.services import Service


def start(process_group: ProcessGroup, service: Service, folder: Path) -> Child:
    """The service's process, once it answers."""
    child = process_group.start(
        service.name, service.command, log=folder / f"{service.name}.log", env=environment()
    )
    wait_until_ready(child, partial(service.is_ready, child.log), service.timeout_seconds)
    return child


def environment() -> dict[str, str]:
    """Ours, with the database that pytest-django made instead of the one the settings name."""
    address, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    # The browser's fixture sets it for this process alone: in a server it would hide a blocking call.
    inherited = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    return inherited | {"DATABASE_URL": f"{address}/{connection.settings_dict['NAME']}"}
