"""A reload, the back button, a second tab, a line that breaks: the same duel, nothing lost, nothing twice."""

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.duel_page import DUEL_PAGE, ask, card, expect_announced_once, expect_done, side_of, text
from tests.duels.conftest import GRAND, PETIT
from tests.services import browser as chromium
from tests.upstream import Upstream, answer

pytestmark = pytest.mark.usefixtures("pair", "worker")

WORDS = [f"mot {number}, " for number in range(30)]
TEXT = "".join(WORDS).strip()
CUT = "La connexion est coupée."


def test_a_reload_in_the_middle_loses_and_doubles_nothing(page: Page, upstream: Upstream) -> None:
    upstream.play(PETIT, answer(*WORDS, delay_seconds=0.02))
    ask(page)
    expect(text(card(page, PETIT))).to_contain_text("mot 5,")
    page.reload()
    expect_done(page)
    expect(text(card(page, PETIT))).to_have_text(TEXT)


def test_the_back_button_leads_to_the_same_duel(page: Page, upstream: Upstream) -> None:
    upstream.play(PETIT, answer(*WORDS, delay_seconds=0.02))
    ask(page)
    duel = page.url
    expect(text(card(page, PETIT))).to_contain_text("mot 5,")
    page.goto("/duels/")
    page.go_back()
    assert page.url == duel
    expect_done(page)
    expect(text(card(page, PETIT))).to_have_text(TEXT)


def test_the_back_button_leads_to_the_reveal_and_not_to_a_vote_that_was_cast(page: Page) -> None:
    ask(page)
    expect_done(page)
    page.get_by_label("A est meilleure").check()
    page.get_by_role("button", name="Découvrir").click()
    expect(page.locator("#reveal")).to_be_visible()
    page.goto("/duels/")
    page.go_back()
    expect(page.locator("#reveal")).to_be_visible()
    expect(page.get_by_role("button", name="Découvrir")).to_have_count(0)


@pytest.fixture
def page_with_memory(browser: Browser, web: str) -> Iterator[Page]:
    """A page of a Chromium that may keep pages for the back button, which Playwright's does not."""
    options = chromium.launch_options() | {"ignore_default_args": ["--disable-back-forward-cache"]}
    with browser.browser_type.launch(**options) as with_memory:
        yield with_memory.new_context(base_url=web, locale="fr-FR").new_page()


def test_the_back_button_of_a_usual_browser_leads_to_an_answer_that_goes_on(
    page_with_memory: Page, upstream: Upstream, gate: threading.Event
) -> None:
    """Personal pages are stored nowhere (no-store): Chromium and Firefox read them again."""
    page = page_with_memory
    upstream.play(PETIT, answer("avant ", gate, "après"))
    ask(page)
    expect(text(card(page, PETIT))).to_have_text("avant ")
    expect(card(page, GRAND)).to_have_attribute("data-state", "done")
    page.goto("/duels/")
    page.evaluate("history.back()")
    page.wait_for_url(DUEL_PAGE, wait_until="commit")
    gate.set()
    expect_done(page)
    expect(text(card(page, PETIT))).to_have_text("avant après")
    expect_announced_once(page, f"{side_of(PETIT).upper()} a terminé.")


def test_two_tabs_show_the_same(page: Page, upstream: Upstream) -> None:
    upstream.play(PETIT, answer(*WORDS, delay_seconds=0.02))
    ask(page)
    other = page.context.new_page()
    other.goto(page.url)
    for tab in (page, other):
        expect_done(tab)
        expect(text(card(tab, PETIT))).to_have_text(TEXT)


def test_a_connection_that_breaks_is_announced_and_taken_up_again(
    page: Page, upstream: Upstream, gate: threading.Event
) -> None:
    upstream.play(PETIT, answer("avant ", gate, "après"))
    ask(page)
    expect(text(card(page, PETIT))).to_have_text("avant ")
    page.context.set_offline(True)
    expect(page.get_by_role("alert").filter(has_text=CUT)).to_be_in_viewport()
    expect(text(card(page, PETIT))).to_have_text("avant ")
    gate.set()
    page.context.set_offline(False)
    expect_done(page)
    expect(text(card(page, PETIT))).to_have_text("avant après")
    expect(page.get_by_text(CUT)).to_be_hidden()


def test_a_vote_that_cannot_leave_is_announced_and_stays_chosen(page: Page) -> None:
    ask(page)
    expect_done(page)
    page.get_by_label("A est meilleure").check()
    page.context.set_offline(True)
    page.get_by_role("button", name="Découvrir").click()
    expect(page.get_by_role("alert").filter(has_text=CUT)).to_be_in_viewport()
    expect(page.get_by_label("A est meilleure")).to_be_checked()
    page.context.set_offline(False)
    expect(page.get_by_text(CUT)).to_be_hidden()
    page.get_by_role("button", name="Découvrir").click()
    expect(page.locator("#reveal")).to_be_visible()
