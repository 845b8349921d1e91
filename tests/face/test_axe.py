"""No page has a fault that axe-core can find, in either theme, wide or narrow, before and after the vote."""

import pytest
from playwright.sync_api import Browser

from tests.face import axe
from tests.face.pages import ADMIN_PAGES
from tests.face.visit import Visit, first_visit
from tests.face.world import World

pytestmark = pytest.mark.django_db


def test_axe_finds_no_fault(visit: Visit) -> None:
    with visit.unfolded() as page:
        assert axe.faults_in_every_look(page) == {}


@pytest.mark.parametrize("name", ADMIN_PAGES)
def test_axe_finds_no_fault_in_the_admin(
    browser: Browser, world: World, _web_process: str, name: str
) -> None:
    with first_visit(browser, world, _web_process, ADMIN_PAGES[name]) as visit:
        assert axe.faults_in_every_look(visit.page) == {}


def test_axe_finds_a_fault_that_is_there(browser: Browser) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.set_content("<html lang='fr'><title>Essai</title><main><h1>Image</h1><img src='x'></main>")
        assert [fault.partition(":")[0] for fault in axe.faults(page)] == ["image-alt"]
