"""A phone: the road from a question to a shared result in taps, and a keyboard that has no Shift+Enter."""

from collections.abc import Iterator
from typing import cast

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.duel_page import DUEL_PAGE, PHONE, expect_done
from tests.duels.conftest import GRAND
from tests.upstream import Upstream, answer

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


def tap_in_view(target: Locator) -> None:
    """Taps what the screen shows whole without a scroll, as a finger does: where it is, not at an element."""
    expect(target).to_be_in_viewport(ratio=1)
    box = target.bounding_box()
    assert box
    target.page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def test_eight_taps_lead_from_the_home_page_to_a_shared_result_and_no_scroll(
    phone: Page, upstream: Upstream
) -> None:
    """Five of them without the other answer and the bet."""
    upstream.play(GRAND, answer(*["Un long paragraphe, qui tient sur plus d’une ligne.\n\n"] * 40))
    phone.set_viewport_size(PHONE)
    phone.goto("/")
    tap_in_view(phone.locator("[data-prompt]"))
    phone.keyboard.type("Pourquoi le ciel est-il bleu ?")
    tap_in_view(phone.get_by_role("button", name="Lancer le duel"))
    phone.wait_for_url(DUEL_PAGE)
    expect_done(phone)
    tap_in_view(phone.locator(".switch a").last)
    expect(phone.locator(".switch a").last).to_have_attribute("aria-current", "true")
    tap_in_view(phone.locator(".choice-a").first)
    tap_in_view(phone.locator(".bet-sides .choice-b"))
    tap_in_view(phone.locator(".bet-factors .choice").last)
    tap_in_view(phone.get_by_role("button", name="Découvrir"))
    expect(phone.locator("#reveal")).to_be_focused()
    tap_in_view(phone.get_by_role("button", name="Partager"))
    expect(phone.get_by_role("button", name="Copier le lien")).to_be_in_viewport(ratio=1)
    expect(phone.locator("#share-link")).to_be_focused()
    expect(phone.locator("#share-link")).to_be_in_viewport(ratio=1)
