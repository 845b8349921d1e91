"""On a phone, one goes from one answer to the other at once: by touch, by keyboard, without scripts."""

import threading

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.duel_page import PHONE, WIDE, ask, ask_again, bottom, expect_done, text, top
from tests.duels.conftest import GRAND, PETIT
from tests.upstream import Upstream, answer

pytestmark = pytest.mark.usefixtures("pair", "worker")

LONG = "\n\n".join(f"Paragraphe {number}, où il est question de tout et de rien." for number in range(40))


@pytest.fixture
def page(page: Page, upstream: Upstream) -> Page:
    """A phone, and two answers that take many screens."""
    page.set_viewport_size(PHONE)
    for model in (PETIT, GRAND):
        upstream.play(model, answer(LONG))
    return page


SWIPE = "(answers, share) => answers.scrollTo(share * answers.scrollWidth, 0)"


def switch(page: Page, side: str) -> Locator:
    return page.get_by_role("navigation").get_by_role("link", name=f"Réponse {side}")


def expect_at(page: Page, side: str) -> None:
    """That answer begins just below the switch, which says so and stays in reach."""
    expect(switch(page, side)).to_have_attribute("aria-current", "true")
    expect(page.locator(".switch [aria-current]")).to_have_count(1)
    head = page.locator(f"[data-side={side.lower()}] header")
    expect(head).to_be_in_viewport(ratio=1)
    assert 0 <= top(page.locator(".switch")) < bottom(page.locator(".switch")) <= top(head)


def test_the_switch_leads_from_one_answer_to_the_other(page: Page) -> None:
    ask(page)
    expect_done(page)
    # The page has followed the text to its end.
    page.locator("[data-side=a]").evaluate("card => card.scrollIntoView()")
    expect(switch(page, "A")).to_have_attribute("aria-current", "true")
    for side in "BA":
        switch(page, side).click()
        expect_at(page, side)


def test_the_switch_follows_the_reader(page: Page) -> None:
    ask(page)
    expect_done(page)
    for side, other in ("BA", "AB"):
        page.locator(".turn > .answers").evaluate(SWIPE, int(side == "B"))
        expect(switch(page, side)).to_have_attribute("aria-current", "true")
        expect(switch(page, other)).not_to_have_attribute("aria-current", "true")
        expect(switch(page, other)).to_be_in_viewport(ratio=1)


def test_the_switch_works_while_texts_are_written(
    page: Page, upstream: Upstream, gate: threading.Event
) -> None:
    for model in (PETIT, GRAND):
        upstream.play(model, answer(LONG[:1500], gate, LONG[1500:]))
    ask(page)
    for side in "BA":
        expect(text(page.locator(f"[data-side={side.lower()}]"))).to_contain_text("Paragraphe 20")
        switch(page, side).click()
        expect_at(page, side)


def test_the_keyboard_goes_on_from_the_answer_it_was_led_to(page: Page) -> None:
    ask(page)
    expect_done(page)
    switch(page, "B").focus()
    page.keyboard.press("Enter")
    expect_at(page, "B")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('[data-side]').dataset.side") == "b"


def test_back_leaves_the_page_however_often_one_has_switched(page: Page) -> None:
    ask(page)
    expect_done(page)
    for side in "BABA":
        switch(page, side).click()
    page.go_back()
    expect(page).to_have_url("/")


def test_each_question_has_its_own_switch(page: Page) -> None:
    ask(page)
    expect_done(page)
    ask_again(page)
    expect_done(page)
    names = [switch.get_attribute("aria-label") for switch in page.locator(".switch").all()]
    assert names == [f"Les deux réponses à la question {number}" for number in (1, 2)]
    page.locator("#turn-2").get_by_role("link", name="Réponse B").click()
    expect(page.locator("#answer-2-b header")).to_be_in_viewport(ratio=1)


def test_wide_screens_need_no_switch(page: Page) -> None:
    page.set_viewport_size(WIDE)
    ask(page)
    expect_done(page)
    expect(page.locator(".switch")).to_be_hidden()


def test_on_a_phone_the_vote_is_one_touch_away(page: Page) -> None:
    ask(page)
    expect_done(page)
    page.get_by_label("Les deux se valent").check()
    expect(page.get_by_role("button", name="Découvrir")).to_be_in_viewport(ratio=1)


def test_the_switch_works_without_scripts(page: Page, browser: Browser) -> None:
    ask(page)
    expect_done(page)
    with browser.new_context(java_script_enabled=False, locale="fr-FR", viewport=PHONE) as context:
        context.add_cookies(page.context.cookies())  # type: ignore[arg-type]
        scriptless = context.new_page()
        scriptless.goto(page.url)
        switch(scriptless, "B").click()
        expect(scriptless.locator("[data-side=b] header")).to_be_in_viewport(ratio=1)
        expect(switch(scriptless, "A")).to_be_in_viewport(ratio=1)
        scriptless.get_by_label("Les deux sont mauvaises").check()
        expect(scriptless.get_by_role("button", name="Découvrir")).to_be_in_viewport(ratio=1)
