"""The home page in a browser: the question at once, ideas taken and changed, the languages in sight."""

import re
from typing import Any, cast
from urllib.parse import urlsplit

import pytest
from django.utils.translation import override
from playwright.sync_api import Browser, Locator, Page, expect

from duels.models import Topic
from duels.pages.suggestions import LOOK_FOR, ideas, suggestion_page

pytestmark = pytest.mark.usefixtures("pair")

SCREENS = [(360, 640), (1366, 768)]


def question(page: Page) -> Locator:
    return page.locator("[data-prompt]")


def prompts(page: Page) -> list[str]:
    """The suggestions on screen, in their order."""
    return page.locator("[data-suggestion] span").all_inner_texts()


def selected(page: Page) -> str:
    """The part of the question that is selected."""
    script = "field => field.value.slice(field.selectionStart, field.selectionEnd)"
    return cast(str, question(page).evaluate(script))


def expect_above_the_fold(page: Page, part: Locator) -> None:
    box = part.bounding_box()
    assert box and page.viewport_size
    assert box["y"] >= 0 and box["y"] + box["height"] <= page.viewport_size["height"]


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("language", ["fr-FR", "en-GB"])
def test_a_question_can_be_asked_without_scrolling(
    browser: Browser, web: str, screen: tuple[int, int], language: str
) -> None:
    size: Any = dict(zip(("width", "height"), screen, strict=True))
    with browser.new_context(base_url=web, locale=language, viewport=size) as context:
        page = context.new_page()
        page.goto("/")
        for part in (page.locator("h1"), question(page), page.locator(".prompt-form .button-main")):
            expect_above_the_fold(page, part)


def test_a_blank_is_selected_and_typing_fills_it(page: Page) -> None:
    page.goto("/?topic=advice")
    page.get_by_role("link", name="Propose une journée à").click()
    expect(question(page)).to_be_focused()
    expect(question(page)).to_have_value(ideas().on(Topic.ADVICE)[0].prompt)
    assert selected(page) == "[ville]"
    page.keyboard.type("Lyon")
    expect(question(page)).to_have_value("Propose une journée à Lyon avec deux enfants, sans voiture.")


def test_other_suggestions_come_without_losing_what_was_typed(page: Page) -> None:
    page.goto("/")
    question(page).fill("Ma question à moi")
    others = page.get_by_role("link", name="D’autres idées")
    seen: set[str] = set()
    for number in range(1, len(ideas()) // 3 + 1):
        page.wait_for_function(
            "prompt => document.querySelector('[data-suggestion] span').textContent === prompt",
            arg=suggestion_page({"page": str(number)}).shown[0].prompt,
        )
        seen |= set(prompts(page))
        others.focus()
        page.keyboard.press("Enter")
    expect(page.locator("[data-suggestion] span").first).to_have_text(ideas().mixed[0].prompt)
    assert seen == {idea.prompt for idea in ideas()}
    expect(others).to_be_focused()
    expect(question(page)).to_have_value("Ma question à moi")


def test_a_subject_shows_its_own_suggestions_and_is_marked(page: Page) -> None:
    page.goto("/")
    for topic in (Topic.SOBRIETY, Topic.ARITHMETIC):
        page.get_by_role("list", name="Idées par sujet").get_by_role("link", name=str(topic.label)).click()
        expect(page.locator("#suggestion-list")).to_contain_text(str(LOOK_FOR[topic]))
        expect(page.locator("#suggestion-topics [aria-current]")).to_have_text(str(topic.label))
        expect(page.locator("#suggestion-topics [aria-current]")).to_be_focused()
        assert prompts(page) == [idea.prompt for idea in ideas().on(topic)]


def test_suggestions_work_without_scripts(browser: Browser, web: str) -> None:
    with browser.new_context(base_url=web, locale="en-GB", java_script_enabled=False) as context:
        page = context.new_page()
        page.goto("/")
        page.get_by_role("link", name="Other ideas").click()
        page.wait_for_url("**/?page=2#suggestions")
        with override("en"):
            prompt = suggestion_page({"page": "2"}).shown[0].prompt
        page.get_by_role("link", name=prompt).click()
        expect(question(page)).to_have_value(prompt)


@pytest.mark.parametrize("width", [1366, 360, 320])
def test_the_languages_are_in_sight_and_lead_back_to_the_same_page(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 640})
    page.goto("/modeles/?words=petit")
    expect_above_the_fold(page, page.get_by_role("button", name="EN", exact=False).first)
    page.get_by_role("button", name="EN English").click()
    page.wait_for_url("**/modeles/?words=petit")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(".languages [aria-current]")).to_have_text(re.compile("EN"))


def test_a_filtered_list_keeps_its_filter_in_the_other_language(page: Page) -> None:
    page.goto("/modeles/")
    page.get_by_role("searchbox").fill("petit")
    page.wait_for_url("**/modeles/?words=petit")
    page.get_by_role("button", name="EN English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("searchbox")).to_have_value("petit")


def test_an_icon_of_the_sprite_is_drawn(page: Page) -> None:
    page.goto("/", wait_until="networkidle")
    drawn = "use => use.getBBox().width"
    assert cast(float, page.locator("#more-suggestions use").evaluate(drawn)) > 0


def switch_to_english(page: Page) -> None:
    page.get_by_role("button", name="EN English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_what_is_typed_outlives_a_change_of_language_once(page: Page) -> None:
    page.goto("/")
    question(page).fill("Ma question\nà moi")
    page.locator("#id_mode").select_option("chosen")
    page.locator("#id_first").select_option("petit-3b")
    switch_to_english(page)
    expect(question(page)).to_have_value("Ma question\nà moi")
    expect(page.locator("#id_first")).to_have_value("petit-3b")
    expect(page.locator("#id_first")).to_be_visible()
    page.goto("/")
    expect(question(page)).to_have_value("")


def test_a_question_that_was_refused_outlives_a_change_of_language(page: Page) -> None:
    page.goto("/")
    too_long = "Une question sans fin. " * 400
    question(page).fill(too_long)
    with page.expect_navigation():  # without what a script would check first
        question(page).evaluate("field => HTMLFormElement.prototype.submit.call(field.form)")
    expect(page.locator("#prompt-errors")).to_contain_text("trop longue")
    switch_to_english(page)
    expect(question(page)).to_have_value(too_long)
    expect(page.locator("[data-counter]")).to_be_visible()
    assert urlsplit(page.url).path == "/"
