"""The whole way with the keys alone: a question, the wait, the vote, the reveal, the link, the next duel."""

import re

import pytest
from playwright.sync_api import Page, expect

from duels.models import Vote
from tests.browser.duel_page import ask, expect_done

pytestmark = pytest.mark.usefixtures("pair", "worker")

DUEL_PAGE = re.compile(r"/duels/[\w-]{22}/")
MOST_STEPS = 80


def tab_to(page: Page, selector: str) -> None:
    """Presses Tab until the focus is there."""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}")


@pytest.mark.parametrize("width", [1366, 360])
def test_a_duel_is_played_and_shared_with_the_keys_alone(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/")
    tab_to(page, "[data-prompt]")
    page.keyboard.type("Pourquoi le ciel est-il bleu ?")
    page.keyboard.press("Enter")
    page.wait_for_url(DUEL_PAGE)
    expect(page.locator("form#vote")).to_be_visible()
    tab_to(page, "input[name=choice]")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("#reveal")).to_be_focused()
    assert Vote.objects.get().choice == Vote.Choice.values[2]
    tab_to(page, "#share .button-main")
    page.keyboard.press("Enter")
    expect(page.locator("#share-link")).to_be_focused()
    tab_to(page, "main a.button-main[href='/']")
    page.keyboard.press("Enter")
    page.wait_for_url("/")


def test_the_focus_is_never_lost_in_what_comes_back(page: Page) -> None:
    ask(page)
    expect_done(page)
    for button in ("like", "dislike"):
        tab_to(page, f"[name=liking][id^={button}]")
        page.keyboard.press("Enter")
        expect(page.locator(f"[id^={button}][aria-pressed=true]")).to_be_focused()
        expect(page.locator(".htmx-settling")).to_have_count(0)  # then its form is htmx's
    page.get_by_label("A est meilleure").check()
    page.keyboard.press("Enter")
    expect(page.locator("#reveal")).to_be_focused()
    tab_to(page, "#share .button-main")
    page.keyboard.press("Enter")
    expect(page.locator("#share-link")).to_be_focused()
    tab_to(page, "#share summary")
    page.keyboard.press("Enter")
    tab_to(page, "#share-text")
    page.keyboard.press("Space")
    expect(page.get_by_text("Qui a ce lien lit aussi la question")).to_be_visible()
    expect(page.locator("#share-text")).to_be_focused()
    tab_to(page, "#share [name=withdraw]")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Partager")).to_be_focused()


def test_the_picture_of_the_reveal_has_a_text(page: Page) -> None:
    ask(page)
    expect_done(page)
    page.get_by_label("A est meilleure").check()
    page.keyboard.press("Enter")
    picture = page.get_by_role("img", name=re.compile("^À l’échelle"))
    expect(picture).to_have_accessible_name(re.compile("Grand-70B couvre .+ fois .+ Petit-3B"))
