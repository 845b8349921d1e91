"""The screens are turned by links, by arrows and without scripts, and all five fit on one sheet of paper."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from duels import visitors
from tests import cast

PAGE = reverse("learn:own_question")


@pytest.fixture
def site(web: str, registry: None) -> str:
    return web


def shown(page: Page) -> list[str | None]:
    return [screen.get_attribute("id") for screen in page.locator(".screen").all() if screen.is_visible()]


def test_arrows_turn_the_screens_and_the_list_says_which_one_is_open(site: str, page: Page) -> None:
    page.goto(PAGE)
    current = page.locator("[data-screens] [aria-current]")
    assert shown(page) == ["tokens"]
    page.keyboard.press("ArrowRight")
    expect(current).to_have_text("Poids")
    assert shown(page) == ["weights"]
    page.keyboard.press("ArrowLeft")
    expect(current).to_have_text("Jetons")
    page.get_by_role("link", name="Prise", exact=True).click()
    expect(current).to_have_text("Prise")
    assert shown(page) == ["plug"]


def test_without_scripts_each_address_shows_its_screen(browser: Browser, site: str) -> None:
    with browser.new_context(base_url=site, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(PAGE)
        assert shown(page) == ["tokens"]
        page.locator("#tokens [data-following]").click()
        assert shown(page) == ["weights"]
        page.goto(f"{PAGE}#machine")
        assert shown(page) == ["machine"]


@pytest.mark.parametrize("locale", ["fr-FR", "en-GB"])
def test_the_five_screens_print_on_one_page(browser: Browser, site: str, locale: str) -> None:
    """A long question with every kind of line, answered at length by two models that fill their screens."""
    token, prompt = visitors.new_token(), "Pourquoi anticonstitutionnellement ? " * 60
    duel = cast.make_duel(
        cast.melange_117b(),
        cast.secret(),
        prompt=prompt,
        texts=("- mot\n" * 80,) * 2,
        visitor=visitors.hash_token(token),
    )
    cast.vote(duel)
    with browser.new_context(base_url=site, locale=locale) as context:
        context.add_cookies([{"name": visitors.COOKIE, "value": token, "url": site}])
        page = context.new_page()
        page.goto(f"{PAGE}#plug")
        pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert [(round(float(width)), round(float(height))) for width, height in boxes] == [(595, 842)]
