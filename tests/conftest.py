"""Real services for every test that asks for them; nothing is started for the others."""

import logging
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis
from playwright.sync_api import Browser, Page, sync_playwright

from conso_duel.embedded import services
from conso_duel.embedded.ports import free_port
from conso_duel.embedded.processes import ProcessGroup
from tests.services import browser as chromium
from tests.services import environment, postgres, site, valkey

SESSION_FOLDER = Path(tempfile.mkdtemp(prefix="conso-duel-tests-"))


def pytest_configure() -> None:
    """Before pytest-django loads the settings: they are read from the environment."""
    SESSION_FOLDER.chmod(0o711)  # PostgreSQL's own user passes through
    environment.prepare(SESSION_FOLDER)
    from django.conf import settings

    assert settings.STATE_DIR == SESSION_FOLDER


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, exitstatus: int) -> None:
    """After a failure, the last words of each service: their logs go with the session."""
    if exitstatus == pytest.ExitCode.TESTS_FAILED:
        for log in sorted(SESSION_FOLDER.rglob("*.log")):
            terminalreporter.section(f"{log.name}, last lines")
            terminalreporter.write("".join(log.read_text(errors="replace").splitlines(keepends=True)[-30:]))


def pytest_unconfigure() -> None:
    shutil.rmtree(SESSION_FOLDER, ignore_errors=True)


@pytest.fixture(scope="session")
def process_group() -> Iterator[ProcessGroup]:
    """The services of this session; they end with it."""
    process_group = ProcessGroup()
    yield process_group
    logging.disable()  # threads that still listen to Valkey would say so until the process ends
    process_group.close()


@pytest.fixture(scope="session")
def postgres_server(process_group: ProcessGroup) -> None:
    from django.conf import settings

    postgres.start(process_group, SESSION_FOLDER / "postgres", int(settings.DATABASES["default"]["PORT"]))


@pytest.fixture(scope="session")
def static_files() -> None:
    """Collected once: pages link to the hashed names, as in production."""
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(postgres_server: None, static_files: None) -> None:
    """What a test with a database finds running; pytest-django asks for it before it creates the tables."""
    from tests.services.emptying import keep_rights

    keep_rights()


@pytest.fixture(scope="session")
def valkey_server(process_group: ProcessGroup) -> str:
    """The address of the session's Valkey."""
    from django.conf import settings

    valkey.start(process_group, SESSION_FOLDER, urlsplit(settings.REDIS_URL).port or 6379)
    return settings.REDIS_URL


@pytest.fixture
def valkey_client(valkey_server: str) -> Iterator[redis.Redis]:
    """A client of an empty Valkey."""
    with redis.Redis.from_url(valkey_server) as client:
        valkey.empty(client)
        yield client


@pytest.fixture(autouse=True)
def _empty_valkey_beside_each_database(request: pytest.FixtureRequest) -> None:
    """What plays a duel in the database streams it through Valkey: both start empty."""
    if {"db", "transactional_db"} & set(request.fixturenames) or request.node.get_closest_marker("django_db"):
        request.getfixturevalue("valkey_client")


@pytest.fixture(scope="session")
def _worker_process(process_group: ProcessGroup, django_db_setup: None, valkey_server: str) -> Iterator[None]:
    child = site.start(process_group, services.worker_service(), SESSION_FOLDER)
    yield
    process_group.stop([child])


@pytest.fixture
def worker(_worker_process: None, transactional_db: None) -> None:
    """A real Celery worker writes the answers, in this test's database."""


@pytest.fixture(scope="session")
def _web_process(process_group: ProcessGroup, django_db_setup: None, valkey_server: str) -> Iterator[str]:
    port = free_port()
    child = site.start(process_group, services.web_service(services.LOOPBACK, port), SESSION_FOLDER)
    yield f"http://{services.LOOPBACK}:{port}"
    process_group.stop([child])


@pytest.fixture
def web(_web_process: str, transactional_db: None) -> str:
    """The address of a real ASGI server, without a slash at its end; it serves this test's database."""
    return _web_process


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(**chromium.launch_options()) as running,
        pytest.MonkeyPatch.context() as patch,
    ):
        # Playwright's loop runs in this thread from now on; Django would take each query for a blocking call.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield running


@pytest.fixture
def page(browser: Browser, web: str) -> Iterator[Page]:
    """A fresh page, French, whose relative addresses are the site's; no script of ours may fail in it."""
    with browser.new_context(base_url=web, locale="fr-FR") as context:
        page = context.new_page()
        faults = chromium.faults_of(page)
        yield page
        assert faults == []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright keeps its event loop in this thread, others start their own."""
    with_browser = [item for item in items if "browser" in getattr(item, "fixturenames", ())]
    if with_browser:
        chromium.executable()
    items[:] = [item for item in items if item not in with_browser] + with_browser
