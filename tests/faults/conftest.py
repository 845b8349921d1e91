"""Processes that may be killed: each test finds all of them running, whatever the one before has done."""

import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings

from conso_duel.embedded.processes import ProcessGroup
from tests.duels.conftest import pair, upstream
from tests.faults.page import PROMPT, WORD
from tests.faults.processes import Site

__all__ = ["pair", "upstream"]


@pytest.fixture(scope="session")
def own_family(django_db_setup: None) -> Iterator[ProcessGroup]:
    """Ends before the database it writes into is removed."""
    with closing(ProcessGroup()) as process_group:
        yield process_group


@pytest.fixture(scope="session")
def _site_on_the_tests_database(own_family: ProcessGroup) -> Site:
    from tests.services.site import environment

    return Site(own_family, new_folder(), environment())


def new_folder() -> Path:
    """In the session's, whose logs are shown after a failure, and which PostgreSQL's own user can enter."""
    folder = Path(tempfile.mkdtemp(prefix="faults-", dir=settings.STATE_DIR))
    folder.chmod(0o711)
    return folder


@pytest.fixture
def site(_site_on_the_tests_database: Site, pair: None) -> Iterator[Site]:
    """All but the clock, on the database of this test, with two models that answer."""
    site = _site_on_the_tests_database
    site.start("valkey", "worker", "web")
    yield site
    site.stop("beat")  # before the tables are emptied under it
    assert_nothing_personal_in(site)


@pytest.fixture
def site_with_clock(site: Site) -> Site:
    site.start("beat")
    return site


def assert_nothing_personal_in(site: Site) -> None:
    """The logs hold neither a prompt nor an answer."""
    telling = [name for name, text in site.logs.items() if WORD in text or PROMPT[:20] in text]
    assert telling == []
