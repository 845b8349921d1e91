"""The menu of a phone: opened by its button, gone through with the keys, closed with Escape."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.face import axe
from tests.face.pages import PAGES
from tests.face.visit import HEIGHT_PX, NARROW_PX, script
from tests.face.world import World

pytestmark = pytest.mark.django_db

NARROWEST_PX = 320


@pytest.fixture
def home(browser: Browser, world: World, _web_process: str) -> Iterator[Page]:
    """The home page on a phone, its menu open."""
    with PAGES["home"].context(browser, world, _web_process) as context:
        page = context.new_page()
        page.set_viewport_size({"width": NARROW_PX, "height": HEIGHT_PX})
        page.goto("/")
        page.get_by_role("button", name="Menu").focus()
        page.keyboard.press("Enter")
        yield page


@pytest.mark.parametrize("theme", axe.THEMES)
def test_an_open_menu_has_no_fault(home: Page, theme: str) -> None:
    home.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    assert axe.faults(home) == []
    home.set_viewport_size({"width": NARROWEST_PX, "height": HEIGHT_PX})
    assert home.evaluate(script("losses")) == {}


def test_the_keys_go_through_the_menu_and_out_of_it(home: Page) -> None:
    for name in ("Nouveau duel", "Modèles", "Classement", "Comprendre", "Ateliers", "Mes duels"):
        home.keyboard.press("Tab")
        expect(home.get_by_role("navigation").get_by_role("link", name=name)).to_be_focused()
    home.keyboard.press("Escape")
    expect(home.get_by_role("link", name="Classement").first).to_be_hidden()
    expect(home.get_by_role("button", name="Menu")).to_be_focused()
