"""A participant’s page in a browser: networks without streams, one that falls, a clock that is wrong."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import cast
from tests.services import proxy
from tests.services.proxy import Proxy
from tests.waiting import wait_until
from tests.workshops.room import DUEL, QUIZ, Room
from workshops.models import RoundBallot


@pytest.fixture
def room(web: str) -> Room:
    cast.petit_3b()
    cast.grand_70b()
    return Room(QUIZ, DUEL)


@pytest.fixture
def guest(browser: Browser, web: str, room: Room) -> Iterator[Page]:
    with browser.new_context(base_url=web, locale="fr-FR") as context:
        page = context.new_page()
        page.goto(f"/a/{room.code}/")
        yield page


@pytest.mark.parametrize("treatment", [proxy.cut, proxy.mute, proxy.hold_back], ids=lambda one: one.__name__)
def test_where_no_stream_passes_the_page_follows_by_plain_requests(
    browser: Browser, web: str, room: Room, treatment: Callable[..., None]
) -> None:
    with (
        Proxy(web, treatment) as behind,
        browser.new_context(base_url=behind.url, locale="fr-FR") as context,
    ):
        page = context.new_page()
        page.goto(f"/ateliers/{room.code}/")
        page.locator("[name=ballot]").nth(1).click()
        expect(page.locator("[data-notice]")).to_contain_text("Voix prise")
        room.command("next")
        expect(page.locator(".vote-right")).to_be_visible()
    assert any("/participant/etat/" in path for path in behind.paths)
    assert RoundBallot.objects.get().choice == "2"


def test_a_vote_cast_while_the_network_is_down_is_sent_once_it_is_back(guest: Page, room: Room) -> None:
    guest.context.set_offline(True)
    guest.locator("[name=ballot]").first.click()
    guest.locator("[name=ballot]").nth(1).click()
    expect(guest.locator("[data-notice]")).to_contain_text("attend le réseau")
    assert not RoundBallot.objects.exists()
    guest.context.set_offline(False)
    wait_until(RoundBallot.objects.exists)
    expect(guest.locator("[data-notice]")).to_contain_text("Voix prise")
    assert list(RoundBallot.objects.values_list("choice", flat=True)) == ["2"]
    guest.reload()
    expect(guest.locator("[name=ballot]").nth(1)).to_have_attribute("aria-pressed", "true")


def test_a_clock_that_is_an_hour_off_counts_down_as_the_others(
    browser: Browser, web: str, room: Room
) -> None:
    with browser.new_context(base_url=web, locale="fr-FR") as context:
        page = context.new_page()
        page.clock.install(time=datetime.now(UTC) + timedelta(hours=1))
        page.goto(f"/ateliers/{room.code}/")
        room.command("timer")
        expect(page.locator(".timer")).to_have_text("1:00")


def test_the_projector_is_driven_by_keyboard(browser: Browser, web: str, room: Room) -> None:
    with browser.new_context(
        base_url=web, locale="fr-FR", viewport={"width": 1280, "height": 720}
    ) as context:
        cookies = [
            {"name": name, "value": morsel.value, "url": web} for name, morsel in room.lead.cookies.items()
        ]
        context.add_cookies(cookies)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"/ateliers/{room.code}/ecran/")
        page.keyboard.press("r")
        expect(page.locator(".vote-right")).to_be_visible()
        page.keyboard.press("Space")
        expect(page.locator(".next-question")).to_contain_text("ciel")
        page.keyboard.press("ArrowLeft")
        expect(page.locator(".vote-right")).to_be_visible()
        page.keyboard.press("?")
        expect(page.locator("[data-key-list]")).to_be_visible()
