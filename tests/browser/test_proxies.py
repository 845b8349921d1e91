"""Behind a proxy that lets no stream of events through, a duel ends with the same text, and is voted on."""

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from duels.models import Duel
from tests.browser.duel_page import NOTE_SHIFTS, ask, card, expect_done, moved, text
from tests.duels.conftest import GRAND, PETIT
from tests.services import proxy
from tests.services.proxy import Proxy
from tests.upstream import Upstream, answer

pytestmark = pytest.mark.usefixtures("pair", "worker")

TREATMENTS = (
    proxy.cut,
    proxy.end_at_once,
    proxy.forbid,
    proxy.give_a_portal,
    proxy.hold_back,
    proxy.join_events,
    proxy.mute,
    proxy.never_answer,
    proxy.mute_in_the_middle,
)
MAX_SHIFT = 0.02


@pytest.fixture(params=TREATMENTS, ids=lambda treatment: treatment.__name__)
def behind(request: pytest.FixtureRequest, web: str) -> Iterator[Proxy]:
    with Proxy(web, request.param) as running:
        yield running


def test_a_duel_is_read_and_voted_on(
    browser: Browser, behind: Proxy, upstream: Upstream, gate: threading.Event
) -> None:
    upstream.play(PETIT, answer("Un début\r\n", gate, "& une **fin**.", reasoning=["Voyons."]))
    with browser.new_context(base_url=behind.url, locale="fr-FR") as context:
        page = context.new_page()
        page.add_init_script(NOTE_SHIFTS)
        ask(page)
        expect(text(card(page, PETIT))).to_contain_text("Un début")
        expect(card(page, GRAND)).to_have_attribute("data-state", "done")
        gate.set()
        expect_done(page)
        expect(text(card(page, PETIT)).locator("strong")).to_have_text("fin")
        source = card(page, PETIT).locator("[data-source]").evaluate("place => place.content.textContent")
        assert source == "Un début\r\n& une **fin**."
        expect(page.locator("[data-connection-lost]")).to_be_hidden()
        assert sum(moved(page).values()) <= MAX_SHIFT, moved(page)
        page.locator("[name=choice]").first.check()
        page.locator("form#vote button.vote-submit").click()
        expect(page.locator("#reveal")).to_be_visible()
    assert any("/events/?after=" in path for path in behind.paths)


def test_a_duel_that_is_deleted_meanwhile_is_shown_as_such_at_once(
    browser: Browser, web: str, upstream: Upstream, gate: threading.Event
) -> None:
    for model in (PETIT, GRAND):
        upstream.play(model, answer("Un début", gate, " et une fin."))
    with (
        Proxy(web, proxy.forbid) as behind,
        browser.new_context(base_url=behind.url, locale="fr-FR") as context,
    ):
        page = context.new_page()
        ask(page)
        expect(text(card(page, PETIT))).to_have_text("Un début")
        Duel.objects.all().delete()
        expect(page.locator("[data-duel-gone]")).to_be_visible()
        expect(page.locator("[data-connection-lost], #next-step")).to_be_hidden()
        asked = len(behind.paths)
        page.wait_for_timeout(3_000)  # more than the period of plain requests
        assert len(behind.paths) == asked
