"""The question box on a touch keyboard, which has no Shift+Enter, and on any other."""

from collections.abc import Iterator
from typing import cast

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.duel_page import DUEL_PAGE, expect_done

pytestmark = pytest.mark.usefixtures("pair", "worker")


@pytest.fixture
def phone(browser: Browser, web: str) -> Iterator[Page]:
    with browser.new_context(
        base_url=web, locale="fr-FR", has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844}
    ) as context:
        yield context.new_page()


def enter_key_hint(page: Page) -> str:
    return cast(str, page.locator("[data-prompt]").evaluate("field => field.enterKeyHint"))


def test_on_a_phone_enter_breaks_the_line_and_the_button_sends(phone: Page) -> None:
    phone.goto("/")
    assert enter_key_hint(phone) == "enter"
    phone.locator("[data-prompt]").tap()
    phone.keyboard.type("Première ligne")
    phone.keyboard.press("Enter")
    phone.keyboard.type("seconde ligne")
    expect(phone.locator("[data-prompt]")).to_have_value("Première ligne\nseconde ligne")
    phone.locator(".prompt-form .button-main").tap()
    phone.wait_for_url(DUEL_PAGE)
    expect(phone.locator(".turn-prompt")).to_have_text("Première ligne\nseconde ligne")
    expect_done(phone)
    assert enter_key_hint(phone) == "enter"


@pytest.mark.parametrize("keys", ["Control+Enter", "Meta+Enter"])
@pytest.mark.parametrize("device", ["phone", "page"])
def test_enter_with_control_or_command_sends_everywhere(
    request: pytest.FixtureRequest, device: str, keys: str
) -> None:
    page: Page = request.getfixturevalue(device)
    page.goto("/")
    page.locator("[data-prompt]").fill("Bonjour")
    page.keyboard.press(keys)
    page.wait_for_url(DUEL_PAGE)


def test_with_a_mouse_enter_sends_and_says_so(page: Page) -> None:
    page.goto("/")
    assert enter_key_hint(page) == "send"
    page.locator("[data-prompt]").fill("Une ligne")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("une autre")
    page.keyboard.press("Enter")
    page.wait_for_url(DUEL_PAGE)
    expect(page.locator(".turn-prompt")).to_have_text("Une ligne\nune autre")
