"""The leaderboard under a reader's fingers: keyboard, search as one types, narrow screens."""

import re
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from models_registry.models import LanguageModel
from tests.leaderboard.sample_ballots import FIRST, SECOND, add_ballots, an_arena_with_votes

SLOW_PRESS_MS = 500
SMALL_PHONE = {"width": 360, "height": 640}
SCREENS_OF_FIFTY_MODELS = 6


@pytest.fixture
def published(transactional_db: None) -> None:
    from leaderboard.ranking.publish import compute_due

    an_arena_with_votes()
    compute_due()


def test_a_point_reached_by_keyboard_shows_its_name_and_leads_to_its_line(
    published: None, page: Page
) -> None:
    page.goto("/classement/")
    point = page.locator(".point").filter(has_text="Grand-70B")
    point.focus()
    expect(point.locator(".point-name")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"#m-grand-70b$"))
    expect(page.locator("tr:target")).to_contain_text("Grand-70B")


def test_what_is_searched_shows_at_once_and_stands_in_the_address(published: None, page: Page) -> None:
    page.goto("/classement/")
    page.get_by_label("Chercher").fill("hautemer")
    expect(page.locator("#board-table tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"\?words=hautemer$"))
    page.reload()
    expect(page.locator("#board-table tbody tr")).to_have_count(1)


def test_leaving_the_search_for_a_link_of_the_list_follows_the_link(published: None, page: Page) -> None:
    page.goto("/classement/")
    page.get_by_label("Chercher").fill("grand")
    expect(page.locator("#board-table tbody tr")).to_have_count(1)
    page.locator("#board-table").get_by_role("link", name="Grand-70B").first.click(delay=SLOW_PRESS_MS)
    expect(page).to_have_url(re.compile(r"/grand-70b/\?words=grand$"))


@pytest.mark.parametrize("address", ["", "?enough=every", "duels/", "modeles/grand-70b/"])
def test_nothing_scrolls_sideways_at_320_pixels(published: None, page: Page, address: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"/classement/{address}")
    assert page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.fixture
def fifty_published(registry: None) -> None:
    """Fifty models of the catalogue in a chain of duels, with names of every length."""
    from leaderboard.ranking.publish import compute_due

    models = list(LanguageModel.objects.order_by("pk")[:50])
    for first, second in pairwise(models):
        add_ballots(first, second, {FIRST: 200, SECOND: 170})
    compute_due()


def test_fifty_models_take_six_screens_of_a_phone(page: Page, fifty_published: None) -> None:
    page.set_viewport_size(SMALL_PHONE)
    page.goto("/classement/")
    assert page.locator("#board-table tbody tr[id]").count() == 50
    height = page.evaluate("document.documentElement.scrollHeight")
    assert height <= SCREENS_OF_FIFTY_MODELS * SMALL_PHONE["height"]
