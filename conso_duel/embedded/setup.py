"""What must stand before the first page: tables, the starter registry, static files."""

import io
import os
import sys
from collections.abc import Mapping

import django
from django.core.checks import Tags, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from conso_duel.embedded.failures import RunFailed

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conso_duel.settings")


def prepare(model_ports: Mapping[str, int]) -> None:
    """Bring database, registry and static files up to date; raises RunFailed with one line when it cannot."""
    try:
        django.setup()
        check_connection()
        bring_up_to_date(model_ports)
    except (DatabaseError, CommandError, ImproperlyConfigured, ValueError) as error:
        raise RunFailed(f"Préparation impossible : {first_line(error)}") from error


def check_connection() -> None:
    """Connect once, outside the pool: where one refusal tells, a pool would retry for ten seconds."""
    driver = connection.Database  # type: ignore[attr-defined]  # the stubs know it on each engine's own class
    with connection.wrap_database_errors:
        driver.connect(**connection.get_connection_params()).close()


def bring_up_to_date(model_ports: Mapping[str, int]) -> None:
    call_quietly("migrate", interactive=False)
    call_quietly("load_catalogue")
    for model, port in model_ports.items():
        call_quietly("connect_local", model=model, provider_model=model, url=f"http://127.0.0.1:{port}/v1")
    print_model_warnings()
    call_quietly("collectstatic", interactive=False)


def look_again() -> None:
    """What is told where nothing is left to prepare: the environment is another at each start."""
    django.setup()
    print_model_warnings()


def print_model_warnings() -> None:
    """One line for each enabled model that cannot play as it stands: without its key, or incomplete."""
    for warning in run_checks(tags=[Tags.database], databases=["default"]):
        print(f"Attention : {warning.msg} {warning.hint or ''}".rstrip(), file=sys.stderr, flush=True)
    connection.close()


def call_quietly(command: str, **options: object) -> None:
    """The management command, without its words: they are for those who call it themselves."""
    call_command(command, verbosity=0, stdout=io.StringIO(), **options)


def first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
