"""Processes that may be killed: each test finds all of them running, whatever the one before has done."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from conso_duel.embedded.processes import Family
from tests.duels.conftest import pair, upstream
from tests.faults.reading import PROMPT, WORD
from tests.faults.standing import Site

__all__ = ["pair", "upstream"]


@pytest.fixture(scope="session")
def own_family() -> Iterator[Family]:
    with closing(Family()) as family:
        yield family


@pytest.fixture(scope="session")
def _site_on_the_tests_database(
    own_family: Family, django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Site:
    from tests.services.site import environment

    return Site(own_family, tmp_path_factory.mktemp("faults"), environment())


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
