"""A site where much has happened, built once, and each kind of its pages, opened once for every test."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser

if TYPE_CHECKING:  # these need Django, which is not ready when this file is read
    from tests.face.visit import Visit
    from tests.face.world import World


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for `visit` runs on every kind of public page."""
    if "visit" in metafunc.fixturenames:
        from tests.face.pages import PAGES

        metafunc.parametrize("visit", PAGES.values(), ids=PAGES.keys(), indirect=True, scope="package")


@pytest.fixture(scope="package")
def world(_web_process: str, django_db_blocker: Any) -> Iterator["World"]:
    """Stays as it is for all tests of this folder that only look."""
    from django.core.management import call_command

    from tests.face.world import build

    with django_db_blocker.unblock():
        yield build()
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(scope="package")
def visit(
    request: pytest.FixtureRequest,
    browser: Browser,
    world: "World",
    _web_process: str,
    compressed_files: None,
) -> Iterator["Visit"]:
    """A page of this kind, open on a wide screen; each test leaves it as it found it."""
    from tests.face.visit import first_visit

    with first_visit(browser, world, _web_process, request.param) as visit:
        yield visit


@pytest.fixture(autouse=True)
def _empty_valkey_beside_each_database(request: pytest.FixtureRequest) -> None:
    """In place of that of every other folder: the streams of the world live as long as its duels."""
    if "world" not in request.fixturenames:
        request.getfixturevalue("valkey_client")
