"""What must stand before the first page: tables, the starter registry, static files."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def prepare(model_ports: Mapping[str, int]) -> None:
    """Bring database and static files up to date; what already is costs next to nothing."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conso_duel.settings")
    django.setup()
    apply_migrations()
    call_command("load_catalogue", verbosity=0)
    for model, port in model_ports.items():
        url = f"http://127.0.0.1:{port}/v1"
        call_command("connect_local", model=model, url=url, remote_name=model, verbosity=0)
    connection.close()
    collect_static_files()


def apply_migrations() -> None:
    """Run `migrate` only where something is to be applied: looking costs a tenth of running it."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)


def collect_static_files() -> None:
    """Run `collectstatic` only where a source file has changed since the last time."""
    current, stamp = static_fingerprint(), settings.STATE_DIR / "static.sha256"
    if stamp.exists() and stamp.read_text() == current:
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(current)


def static_fingerprint() -> str:
    """Changes with the name, the size or the date of any static file, in the project or in a package."""
    digest = hashlib.sha256(str(settings.STATIC_ROOT).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
