"""The three views in a browser: networks without streams, one that falls, a reload, a wrong clock, keys."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from duels.models import Answer
from duels.queries import load_answers
from models_registry.models import Endpoint
from recordings.importing import import_pack
from recordings.models import Recording
from recordings.recorder import make_pack, record_duel
from tests import cast
from tests.browser.duel_page import wait_in
from tests.services import proxy
from tests.services.proxy import Proxy
from tests.upstream import Upstream, answer
from tests.waiting import wait_until
from tests.workshops.room import DUEL, QUIZ, Room
from workshops.models import RoundBallot

BACK_WITHIN_MS = 20_000  # two seconds on a quiet machine


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


TREATMENTS = [proxy.cut, proxy.mute, proxy.hold_back]


@pytest.fixture
def lead(browser: Browser, web: str, room: Room) -> Iterator[BrowserContext]:
    """The facilitator's laptop."""
    with laptop(browser, web, room) as context:
        yield context


@contextmanager
def laptop(browser: Browser, address: str, room: Room) -> Iterator[BrowserContext]:
    with browser.new_context(
        base_url=address, locale="fr-FR", viewport={"width": 1280, "height": 720}
    ) as context:
        cookies = [
            {"name": name, "value": morsel.value, "url": address}
            for name, morsel in room.lead.cookies.items()
        ]
        context.add_cookies(cookies)  # type: ignore[arg-type]
        yield context


@pytest.mark.parametrize("treatment", TREATMENTS, ids=lambda one: one.__name__)
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


@pytest.mark.parametrize("treatment", TREATMENTS, ids=lambda one: one.__name__)
def test_where_no_stream_passes_the_projector_and_the_console_follow_too(
    browser: Browser, web: str, worker: None, room: Room, treatment: Callable[..., None]
) -> None:
    may_write, may_end = threading.Event(), threading.Event()
    script = answer(may_write, "Le ciel ", "est bleu", may_end, " le jour.")
    with Upstream({"petit-3b": script, "grand-70b": script}) as server:
        Endpoint.objects.update(base_url=server.url)
        room.command("next_step")
        with Proxy(web, treatment) as behind, laptop(browser, behind.url, room) as context:
            screen, console = context.new_page(), context.new_page()
            screen.goto(f"/ateliers/{room.code}/ecran/")
            console.goto(f"/ateliers/{room.code}/pilote/")
            console.locator("[value=ask]").click()
            expect(screen.locator("[data-side=a]")).to_contain_text("en attente")
            may_write.set()
            expect(screen.locator("[data-side=a]")).to_have_text("Le ciel est bleu")
            may_end.set()
            expect(screen.locator("[data-side=b]")).to_have_text("Le ciel est bleu le jour.")
            screen.keyboard.press("v")
            expect(console.locator("#status")).to_contain_text("vote ouvert")
    for view in ("screen", "console"):
        assert any(f"/{view}/etat/" in path for path in behind.paths)
    assert any("/evenements/" in path for path in behind.paths)


def test_a_laptop_that_is_reloaded_in_the_middle_shows_the_phase_and_goes_on(
    lead: BrowserContext, room: Room
) -> None:
    screen, console = lead.new_page(), lead.new_page()
    screen.goto(f"/ateliers/{room.code}/ecran/")
    console.goto(f"/ateliers/{room.code}/pilote/")
    room.command("next_step")
    room.play_to("vote")
    room.vote(room.join(), "blind", "a")
    for page in (screen, console):
        page.reload()
    expect(screen.locator(".turnout-count")).to_contain_text("1 sur 1 a voté")
    expect(console.locator("#status")).to_contain_text("vote ouvert")
    screen.keyboard.press("r")
    expect(console.locator(".button-next")).to_contain_text("Révéler")
    expect(screen.locator(".vote-bar.vote-a .vote-count")).to_have_text("1")


def test_a_page_that_comes_back_from_a_network_failure_shows_the_present_phase(
    guest: Page, room: Room
) -> None:
    guest.context.set_offline(True)
    room.command("next")
    guest.context.set_offline(False)
    expect(guest.locator(".vote-right")).to_be_visible(timeout=BACK_WITHIN_MS)


def test_the_secret_link_is_folded_away_once_the_workshop_moves_and_not_shown_again(
    lead: BrowserContext, room: Room
) -> None:
    console = lead.new_page()
    console.goto(f"/ateliers/{room.code}/pilote/?ouvert=1")
    expect(console.locator(".secret-link")).to_be_visible()
    console.locator("#commands [value=next]").click()
    expect(console.locator(".secret-link")).to_be_hidden()
    console.reload()
    expect(console.locator("[data-secret]")).to_have_count(0)


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


def test_the_projector_is_driven_by_keyboard(lead: BrowserContext, room: Room) -> None:
    page = lead.new_page()
    page.goto(f"/ateliers/{room.code}/ecran/")
    page.keyboard.press("r")
    expect(page.locator(".vote-right")).to_be_visible()
    page.keyboard.press("Space")
    expect(page.locator(".next-question")).to_contain_text("ciel")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".vote-right")).to_be_visible()
    page.keyboard.press("t")
    expect(page.locator(".timer")).to_be_visible()
    page.keyboard.press("f")
    wait_in(page, lambda: page.evaluate("document.fullscreenElement !== null"))
    page.keyboard.press("c")
    expect(page.locator("[data-join]")).to_be_hidden()
    page.keyboard.press("?")
    expect(page.locator("[data-key-list]")).to_be_visible()


def test_a_state_from_before_the_last_command_is_not_shown_again(lead: BrowserContext, room: Room) -> None:
    page = lead.new_page()
    page.route("**/screen/flux/*", lambda route: route.abort())
    page.goto(f"/ateliers/{room.code}/ecran/")
    earlier = page.request.get(f"/ateliers/{room.code}/screen/etat/")
    page.keyboard.press("Space")
    expect(page.locator(".vote-right")).to_be_visible()
    late = {"body": earlier.text(), "headers": earlier.headers}
    page.route("**/screen/etat/*", lambda route: route.fulfill(**late))
    for _state in range(2):  # the second is asked for once the first is dealt with
        page.wait_for_event("requestfinished", lambda request: "/screen/etat/" in request.url)
    expect(page.locator(".vote-right")).to_be_visible()
    page.keyboard.press("Space")
    expect(page.locator(".next-question")).to_contain_text("ciel")


def test_a_key_counts_as_soon_as_the_effect_of_the_last_is_shown(lead: BrowserContext, room: Room) -> None:
    page = lead.new_page()
    page.goto(f"/ateliers/{room.code}/ecran/")
    page.route("**/commande/", lambda route: route.fetch(), times=1)  # its answer never comes
    page.keyboard.press("Space")
    expect(page.locator(".vote-right")).to_be_visible()
    page.keyboard.press("Space")
    expect(page.locator(".next-question")).to_contain_text("ciel")


def test_long_answers_scroll_by_themselves_and_by_keys_to_their_ends(
    lead: BrowserContext, room: Room
) -> None:
    room.command("next_step")
    room.command("ask")
    room.finish(*(f"{'Le ciel est bleu. ' * 300}Fin {side}." for side in "AB"))
    page = lead.new_page()
    page.goto(f"/ateliers/{room.code}/ecran/")
    text = page.locator("[data-side=a]")
    wait_in(page, lambda: text.evaluate("box => box.scrollTop") > 20)
    for _press in range(100):
        page.keyboard.press("ArrowDown")
    left = "box => box.scrollHeight - box.clientHeight - box.scrollTop"
    wait_in(page, lambda: text.evaluate(left) < 2)
    page.keyboard.press("ArrowUp")
    wait_in(page, lambda: text.evaluate(left) > 100)
    assert page.evaluate("document.scrollingElement.scrollHeight <= innerHeight")


def test_the_screen_of_a_workshop_that_has_ended_says_so_and_shows_no_code(
    lead: BrowserContext, room: Room
) -> None:
    page = lead.new_page()
    page.goto(f"/ateliers/{room.code}/ecran/")
    expect(page.locator("[data-join]")).to_be_visible()
    room.lead.post(f"/ateliers/{room.code}/pilote/fin/", {"way": "end"})
    expect(page.locator("#stage h1")).to_contain_text("terminé")
    expect(page.locator("[data-join]")).to_be_hidden()


def test_the_projector_plays_a_recorded_duel_at_its_pace_until_all_is_asked_for_or_the_vote_opens(
    browser: Browser, web: str
) -> None:
    duel = cast.make_duel(cast.petit_3b(), cast.grand_70b())
    Answer.objects.filter(turn__duel=duel).update(pace=[[300, 4], [60_000, 40]])
    import_pack(make_pack([record_duel(load_answers(duel))], "Le ciel", "Une classe"))
    first = DUEL | {"recording": Recording.objects.get().code}
    room = Room(first, first | {"id": "encore"})
    with laptop(browser, web, room) as context:
        screen = context.new_page()
        screen.goto(f"/ateliers/{room.code}/ecran/")
        text, show_all = screen.locator("[data-side=a]"), screen.get_by_role("button", name="Tout montrer")
        room.command("next")
        expect(text).to_have_attribute("aria-busy", "true")
        show_all.click()
        expect(text).to_have_text(cast.ANSWERS[0])
        expect(show_all).to_be_hidden()
        room.command("next_step")
        room.command("next")
        expect(text).to_have_attribute("aria-busy", "true")
        room.command("next")
        expect(text).to_have_text(cast.ANSWERS[0])
