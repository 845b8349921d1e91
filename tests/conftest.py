"""Real services for every test that asks for them; nothing is started for the others."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis

from conso_duel.embedded.processes import Family
from tests.services import environment, postgres, valkey

SESSION_FOLDER = Path(tempfile.mkdtemp(prefix="conso-duel-tests-"))


def pytest_configure() -> None:
    """Before pytest-django loads the settings: they are read from the environment."""
    SESSION_FOLDER.chmod(0o711)  # PostgreSQL's own user passes through
    environment.prepare(SESSION_FOLDER)
    from django.conf import settings

    assert settings.STATE_DIR == SESSION_FOLDER


def pytest_unconfigure() -> None:
    shutil.rmtree(SESSION_FOLDER, ignore_errors=True)


@pytest.fixture(scope="session")
def family() -> Iterator[Family]:
    """The services of this session; they end with it."""
    family = Family()
    yield family
    family.close()


@pytest.fixture(scope="session")
def postgres_server(family: Family) -> None:
    from django.conf import settings

    postgres.start(family, SESSION_FOLDER / "postgres", int(settings.DATABASES["default"]["PORT"]))


@pytest.fixture(scope="session")
def static_files() -> None:
    """Collected once: pages link to the hashed names, as in production."""
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(postgres_server: None, static_files: None) -> None:
    """What a test with a database finds running; pytest-django asks for it before it creates the tables."""


@pytest.fixture(scope="session")
def valkey_server(family: Family) -> str:
    """The address of the session's Valkey."""
    from django.conf import settings

    valkey.start(family, SESSION_FOLDER, urlsplit(settings.REDIS_URL).port or 6379)
    return settings.REDIS_URL


@pytest.fixture
def valkey_client(valkey_server: str) -> Iterator[redis.Redis]:
    """A client of an empty Valkey."""
    with redis.Redis.from_url(valkey_server) as client:
        client.flushall()
        yield client


@pytest.fixture(autouse=True)
def _empty_valkey_beside_each_database(request: pytest.FixtureRequest) -> None:
    """What plays a duel in the database streams it through Valkey: both start empty."""
    if {"db", "transactional_db"} & set(request.fixturenames) or request.node.get_closest_marker("django_db"):
        request.getfixturevalue("valkey_client")
