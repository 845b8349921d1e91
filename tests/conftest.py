"""Real services for every test that asks for them; nothing is started for the others."""

import gc
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import hypothesis
import pytest
import redis
from django.db import reset_queries
from django.utils import translation

from conso_duel.embedded import services
from conso_duel.embedded.ports import free_port
from conso_duel.embedded.processes import ProcessGroup
from tests import call_stack
from tests.caches import clear_caches
from tests.services import browser as chromium
from tests.services import environment, postgres, site, vacuum, valkey

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.fixtures import Settings

# Markers that a test has by where it lies or by what it asks for: `make check` leaves them out.
MARKERS_OF_FOLDER = {
    "browser": {"browser"},
    "engines": {"engines"},
    "face": {"browser", "face"},
    "faults": {"faults"},
    "servers": {"compose"},
}
MARKER_OF_FIXTURE = {
    "browser": "browser",
    "compressed_files": "face",
    "_web_process": "site",
    "_worker_process": "site",
}
MOST_WORKERS = 8  # each has a PostgreSQL and a Valkey of its own
GARBAGE_THRESHOLDS = (
    20_000,
    20,
    20,
)  # with Python's own, 4 % of the processor time of `make check` collects it
SESSION_FOLDER = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """Before pytest-django loads the settings: they are read from the environment.

    In parallel (pytest-xdist), each worker has a folder, services and settings of its own; the process that
    distributes the tests loads no settings, for the workers would inherit them.
    """
    hypothesis.settings.register_profile("busy machine", deadline=None)
    hypothesis.settings.load_profile("busy machine")
    config.pluginmanager.register(call_stack.WideFrame())
    environment.clear()
    config.stash[SESSION_FOLDER] = folder = session_folder(config)
    if distributes(config):
        return
    gc.disable()  # until the tests are collected, which leaves hardly any: a fifth of that time
    environment.prepare(folder, postgres.cheapest_host(folder / "postgres"))
    from django.conf import settings

    assert folder == settings.STATE_DIR


def distributes(config: pytest.Config) -> bool:
    """Whether this process runs no test itself, but hands them out to workers."""
    return not is_worker(config) and config.getoption("dist", "no") != "no"


def is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def session_folder(config: pytest.Config) -> Path:
    """State, data and logs of this process; of a worker inside that of the process that started it."""
    if is_worker(config):
        folder = Path(config.workerinput["session_folder"])  # type: ignore[attr-defined]
        folder.mkdir()
    else:
        folder = Path(tempfile.mkdtemp(prefix="conso-duel-tests-"))
    folder.chmod(0o711)  # PostgreSQL's own user passes through
    return folder


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["session_folder"] = str(node.config.stash[SESSION_FOLDER] / node.gateway.id)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """The cores that this process may use, not those of the machine."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, MOST_WORKERS)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, exitstatus: int) -> None:
    """After a failure, the end of each service's log: the logs are removed with the session."""
    if exitstatus == pytest.ExitCode.TESTS_FAILED:
        folder = terminalreporter.config.stash[SESSION_FOLDER]
        for log in sorted(folder.rglob("*.log")):
            terminalreporter.section(f"{log.relative_to(folder)}, last lines")
            terminalreporter.write("".join(log.read_text(errors="replace").splitlines(keepends=True)[-30:]))


def pytest_unconfigure(config: pytest.Config) -> None:
    if not is_worker(config):
        shutil.rmtree(config.stash[SESSION_FOLDER], ignore_errors=True)


@pytest.fixture(scope="session")
def session_dir(pytestconfig: pytest.Config) -> Path:
    """The folder of this session, or of this worker's part of it."""
    return pytestconfig.stash[SESSION_FOLDER]


@pytest.fixture(scope="session")
def process_group() -> Iterator[ProcessGroup]:
    """The services of this session; they end with it."""
    process_group = ProcessGroup()
    yield process_group
    logging.disable()  # threads that still listen to Valkey would say so until the process ends
    process_group.close()


@pytest.fixture(scope="session")
def postgres_server(process_group: ProcessGroup, session_dir: Path) -> None:
    from django.conf import settings

    postgres.start(process_group, session_dir / "postgres", int(settings.DATABASES["default"]["PORT"]))


@pytest.fixture(scope="session")
def compressed_files() -> None:
    """Asked for by a test that weighs what travels: the static files of its session are compressed."""


@pytest.fixture(scope="session")
def static_files(request: pytest.FixtureRequest) -> None:
    """Collected once: pages link to the hashed names, as in production."""
    from tests.services import static_files

    names = (name for item in request.session.items for name in getattr(item, "fixturenames", ()))
    static_files.collect(compressed="compressed_files" in names)


@pytest.fixture(autouse=True)
def _static_files_beside_each_client(request: pytest.FixtureRequest) -> None:
    """A page can be rendered whichever test comes first."""
    if "client" in request.fixturenames:
        request.getfixturevalue("static_files")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(postgres_server: None, static_files: None) -> None:
    """Services of a test with a database; pytest-django asks for them before it creates the tables."""
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    from tests.services import flush

    flush.install()
    # Half a second of processor time for each curator otherwise; the web server reads such hashes too.
    PBKDF2PasswordHasher.iterations = 1


@pytest.fixture(scope="session")
def valkey_server(process_group: ProcessGroup, session_dir: Path) -> str:
    """The address of the session's Valkey."""
    from django.conf import settings

    valkey.start(process_group, session_dir, urlsplit(settings.REDIS_URL).port or 6379)
    return settings.REDIS_URL


@pytest.fixture(scope="session")
def _valkey_of_the_session(valkey_server: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(valkey_server) as client:
        yield client


@pytest.fixture
def valkey_client(_valkey_of_the_session: redis.Redis) -> redis.Redis:
    """A client of an empty Valkey."""
    valkey.empty(_valkey_of_the_session)
    return _valkey_of_the_session


@pytest.fixture(autouse=True)
def _fresh_process_state() -> None:
    """No test reads what another has left in a cache, counts queries in a log that is full, or speaks the
    language of another's last request.
    """
    clear_caches()
    reset_queries()
    translation.deactivate()


@pytest.fixture
def without_valkey(settings: "Settings") -> Iterator[None]:
    """For the code that runs in this process, Valkey is where nothing listens."""
    from duels import valkey

    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    valkey.client.cache_clear()
    yield
    valkey.client.cache_clear()


@pytest.fixture(autouse=True)
def _empty_services_beside_each_database(request: pytest.FixtureRequest) -> None:
    """Empty Valkey beside each database: a duel is stored in one and streamed through the other."""
    if {"db", "transactional_db"} & set(request.fixturenames) or request.node.get_closest_marker("django_db"):
        request.getfixturevalue("valkey_client")
        request.getfixturevalue("django_db_setup")
        vacuum.between_tests()


@pytest.fixture(scope="session")
def _worker_process(
    process_group: ProcessGroup, session_dir: Path, django_db_setup: None, valkey_server: str
) -> Iterator[None]:
    child = site.start(process_group, services.worker_service(), session_dir)
    yield
    process_group.stop([child])


@pytest.fixture
def worker(_worker_process: None, transactional_db: None) -> None:
    """A real Celery worker writes the answers, in this test's database."""


@pytest.fixture(scope="session")
def _web_process(
    process_group: ProcessGroup, session_dir: Path, django_db_setup: None, valkey_server: str
) -> Iterator[str]:
    port = free_port()
    child = site.start(process_group, services.web_service(services.LOOPBACK, port), session_dir)
    yield f"http://{services.LOOPBACK}:{port}"
    process_group.stop([child])


@pytest.fixture
def web(_web_process: str, transactional_db: None) -> str:
    """The address of a real ASGI server, without a slash at its end; it serves this test's database."""
    return _web_process


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """The system's Chromium."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=chromium.LONGEST_WAIT_MS)
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(**chromium.launch_options()) as running,
        pytest.MonkeyPatch.context() as patch,
    ):
        # Playwright's loop runs in this thread from now on; Django would take each query for a blocking call.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield running


@pytest.fixture
def page(browser: "Browser", web: str) -> "Iterator[Page]":
    """A fresh page, French, whose relative addresses are the site's; no script of ours may fail in it."""
    with browser.new_context(base_url=web, locale="fr-FR") as context:
        page = context.new_page()
        faults = chromium.faults_of(page)
        yield page
        assert faults == []


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses among them
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what a test needs."""
    for item in items:
        for marker in markers_by_nature(item):
            item.add_marker(marker)


@pytest.hookimpl(trylast=True)  # after `-m` has chosen and pytest-django has sorted
def pytest_collection_finish(session: pytest.Session) -> None:
    """Put tests in Chromium last; without a browser, end before the first test rather than in the middle.

    Playwright keeps its event loop in this thread, while others start their own. What the collection has left
    stays to the end: the garbage collector passes over it, also in the tests that measure time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLDS)
    gc.enable()
    session.items.sort(key=runs_in_browser)
    if any(runs_in_browser(item) for item in session.items):
        chromium.executable()
    if any(item.get_closest_marker("engines") for item in session.items):
        from tests.engines import firefox, webkit

        firefox.executable()
        webkit.executables()


def markers_by_nature(item: pytest.Item) -> set[str]:
    folder = item.path.relative_to(Path(__file__).parent).parts[0]
    fixtures = getattr(item, "fixturenames", ())
    by_fixture = {marker for fixture, marker in MARKER_OF_FIXTURE.items() if fixture in fixtures}
    return by_fixture | MARKERS_OF_FOLDER.get(folder, set())


def runs_in_browser(item: pytest.Item) -> bool:
    return "browser" in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session")
def starter_catalogue(django_db_setup: None, django_db_blocker: Any) -> None:
    """The rows of the starter catalogue, loaded once, in the schema `starter`; the tables are empty again."""
    from tests.services import starter_rows

    with django_db_blocker.unblock():
        starter_rows.store()


@pytest.fixture
def registry(db: None, starter_catalogue: None) -> None:
    """Every model of the starter catalogue, without its sources."""
    from tests.services import starter_rows

    starter_rows.insert()


@pytest.fixture
def sources(registry: None) -> None:
    """The sources of the starter catalogue's models."""
    from tests.services import starter_rows

    starter_rows.insert_sources()
