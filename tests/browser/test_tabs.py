"""Many tabs of one browser on a server without HTTP/2, where six connections are all that it opens."""

import threading
from typing import cast

import pytest
from playwright.sync_api import Page, expect

from tests.browser.duel_page import ask, card, expect_done, text, wait_in
from tests.duels.conftest import GRAND, PETIT
from tests.upstream import Upstream, answer

pytestmark = pytest.mark.usefixtures("pair", "worker")

TABS = 7
# Playwright shows every tab at once; a browser hides all but one of a window.
SET_HIDDEN = """isHidden => {
  Object.defineProperty(document, "hidden", { configurable: true, value: isHidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
COUNT_STREAMS = """
window.openStreams = new Set();
window.EventSource = class extends EventSource {
  constructor(url) { super(url); openStreams.add(this); }
  close() { openStreams.delete(this); super.close(); }
};
"""


def open_streams(page: Page) -> int:
    return cast(int, page.evaluate("openStreams.size"))


def test_the_seventh_tab_opens_and_all_end_with_the_same_text(
    page: Page, upstream: Upstream, gate: threading.Event
) -> None:
    for model in (PETIT, GRAND):
        upstream.play(model, answer("Un début", gate, " et une fin."))
    page.context.add_init_script(COUNT_STREAMS)
    tabs = [page, *(page.context.new_page() for _ in range(TABS - 1))]
    for tab in tabs:
        ask(tab)
        expect(text(tab.locator("[data-side=a]"))).to_have_text("Un début")
    assert sum(open_streams(tab) for tab in tabs) <= 4
    gate.set()
    for tab in tabs:
        expect_done(tab)
        expect(text(tab.locator("[data-side=a]"))).to_have_text("Un début et une fin.")
        assert tab.locator("[data-connection-lost]").is_hidden()


def test_a_hidden_tab_gives_its_stream_up_and_catches_up(
    page: Page, upstream: Upstream, gate: threading.Event
) -> None:
    upstream.play(PETIT, answer("Un début", gate, " et une fin."))
    page.add_init_script(COUNT_STREAMS)
    ask(page)
    written = text(card(page, PETIT))
    expect(written).to_have_text("Un début")
    page.evaluate(SET_HIDDEN, True)
    assert open_streams(page) == 1
    wait_in(page, lambda: not open_streams(page))
    gate.set()
    assert upstream.wait_until(lambda upstream: upstream.active == 0)
    expect(written).to_have_text("Un début")
    page.evaluate(SET_HIDDEN, False)
    expect_done(page)
    expect(written).to_have_text("Un début et une fin.")


def test_a_tab_that_is_hidden_for_a_moment_keeps_its_stream(
    page: Page, upstream: Upstream, gate: threading.Event
) -> None:
    upstream.play(PETIT, answer("Un début", gate, " et une fin."))
    page.add_init_script(COUNT_STREAMS)
    ask(page)
    expect(text(card(page, PETIT))).to_have_text("Un début")
    stream = page.evaluate_handle("[...openStreams][0]")
    page.evaluate(SET_HIDDEN, True)
    page.evaluate(SET_HIDDEN, False)
    page.wait_for_timeout(3_500)
    assert page.evaluate("stream => openStreams.has(stream)", stream)
