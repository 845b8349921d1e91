"""The menus of a phone: opened by their button, gone through with the keys, closed with Escape."""

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


@pytest.fixture
def lesson(browser: Browser, world: World, _web_process: str) -> Iterator[Page]:
    """A lesson on a phone, the list of lessons open."""
    with PAGES["learn, taille/"].context(browser, world, _web_process) as context:
        page = context.new_page()
        page.set_viewport_size({"width": NARROW_PX, "height": HEIGHT_PX})
        page.goto("/comprendre/taille/")
        page.get_by_role("button", name="Page : Taille").focus()
        page.keyboard.press("Enter")
        yield page


@pytest.mark.parametrize("theme", axe.THEMES)
def test_the_open_list_of_lessons_has_no_fault(lesson: Page, theme: str) -> None:
    lesson.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    assert axe.faults(lesson) == []
    lesson.set_viewport_size({"width": NARROWEST_PX, "height": HEIGHT_PX})
    assert lesson.evaluate(script("losses")) == {}


def test_the_list_of_lessons_takes_one_row_until_it_is_opened(lesson: Page) -> None:
    links = lesson.get_by_role("navigation", name="Les pages pour comprendre").get_by_role("link")
    expect(links).to_have_count(11)
    lesson.keyboard.press("Tab")
    expect(links.first).to_be_focused()
    lesson.keyboard.press("Escape")
    expect(links).to_have_count(0)
    button = lesson.get_by_role("button", name="Page : Taille")
    expect(button).to_be_focused()
    title = lesson.get_by_role("heading", level=1)
    assert title.evaluate("title => title.offsetTop") < 2.5 * button.evaluate("button => button.offsetTop")
