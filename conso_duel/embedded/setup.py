"""Sets up what the first page needs: tables, the starter registry, static files."""

import io
import os
from collections.abc import Mapping
from pathlib import Path

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.checks import Tags, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.utils import translation

from backends import local
from conso_duel import console
from conso_duel.console import gettext as _
from conso_duel.embedded.processes import RunFailed
from conso_duel.embedded.reload import PROJECT

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conso_duel.settings")
CONNECT_TIMEOUT_SECONDS = 2


def check_database() -> None:
    """Set Django up and connect to the database; raises RunFailed."""
    django.setup()
    translation.activate(console.language())
    try:
        check_connection()
    except (DatabaseError, ImproperlyConfigured) as error:
        message = _("La base de données refuse la connexion (nom, mot de passe ou base) : %(reason)s")
        raise RunFailed(message % {"reason": first_line(error)}) from error


def check_connection() -> None:
    """Connect once, outside the pool: a pool would retry for ten seconds what one refusal shows."""
    driver = connection.Database  # type: ignore[attr-defined]  # the stubs know it on each engine's own class
    parameters = connection.get_connection_params()
    if connection.vendor == "postgresql":
        parameters["connect_timeout"] = CONNECT_TIMEOUT_SECONDS
    with connection.wrap_database_errors:
        driver.connect(**parameters).close()


def prepare(model_ports: Mapping[str, int]) -> None:
    """Bring database, registry and static files up to date, point the local models at their ports.

    Raises RunFailed with one line when it cannot.
    """
    try:
        call_quietly("migrate", interactive=False)
        call_quietly("load_catalogue")
        call_quietly("load_recordings")
        for model, port in model_ports.items():
            call_quietly(
                "connect_local",
                model=model,
                provider_model=model,
                url=f"http://127.0.0.1:{port}/v1",
                served_bits=local.file_bits(model),
            )
        if not are_static_files_current():
            call_quietly("collectstatic", interactive=False)
    except (DatabaseError, CommandError, ImproperlyConfigured, ValueError) as error:
        message = _("La préparation a échoué : %(reason)s")
        raise RunFailed(message % {"reason": first_line(error)}) from error
    print_model_warnings()


def has_curator() -> bool:
    """Whether anybody can log in to the admin."""
    try:
        return get_user_model().objects.filter(is_staff=True, is_active=True).exists()
    finally:
        connection.close()


def are_static_files_current() -> bool:
    """Whether the manifest of the collected files is newer than every source, as `make` would compare them.

    To hash and compress the files again takes six seconds of processor time. The lock file stands for the
    packages, whose own files keep older dates.
    """
    try:
        collected: float = (Path(settings.STATIC_ROOT) / "staticfiles.json").stat().st_mtime
    except FileNotFoundError:
        return False
    sources = (
        storage.get_modified_time(path).timestamp()
        for finder in get_finders()
        for path, storage in finder.list([])
    )
    newest: float = max(*sources, (PROJECT / "uv.lock").stat().st_mtime)
    return newest <= collected


def print_model_warnings() -> None:
    """One line for each enabled model that cannot play: without its key, or incomplete."""
    for warning in run_checks(tags=[Tags.database], databases=["default"]):
        text = f"{warning.msg} {warning.hint or ''}".rstrip()
        console.print_error(_("Attention : %(warning)s") % {"warning": text})
    connection.close()


def call_quietly(command: str, **options: object) -> None:
    """Run a management command without its messages, which are for those who call it themselves."""
    call_command(command, verbosity=0, stdout=io.StringIO(), **options)


def first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
