"""Actions of a player on a duel's page, and where things stand there."""

import re
import threading
import time
from collections.abc import Callable
from typing import cast

from playwright.sync_api import Locator, Page, ViewportSize, expect

from duels.models import Answer, Vote
from tests.duels.conftest import GRAND, PETIT
from tests.upstream import Upstream, answer
from tests.waiting import DEADLINE_SECONDS

DUEL_PAGE = re.compile(r"/duels/[\w-]{22}/")
POLL_MS = 20
WIDE: ViewportSize = {"width": 1366, "height": 800}
PHONE: ViewportSize = {"width": 360, "height": 740}

# Every shift that the reader has not caused by a key or a click: stricter than the worst five seconds of
# https://web.dev/articles/cls. The names of what moved make a failure readable.
NOTE_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const { value, hadRecentInput, sources } of list.getEntries()) {
    const what = sources.map(({ node }) => node?.className || node?.nodeName);
    if (!hadRecentInput) shifts.push([value, what.join()]);
  }
}).observe({ type: "layout-shift", buffered: true });
"""


def write_until(upstream: Upstream, gate: threading.Event) -> None:
    """Both models write « Un début », and their end once the gate is open."""
    for model in (PETIT, GRAND):
        upstream.play(model, answer("Un début", gate, " et une fin."))


def ask(page: Page, prompt: str = "Bonjour") -> None:
    """Types a question on the home page, and sends it with Enter once the script of the field has come."""
    page.goto("/")
    field = page.locator("[data-prompt]")
    field.fill(prompt)
    expect(field).to_have_js_property("enterKeyHint", "send")
    page.keyboard.press("Enter")
    page.wait_for_url(DUEL_PAGE)


def ask_again(page: Page, prompt: str = "Et ensuite ?") -> None:
    page.locator("[data-prompt]").fill(prompt)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"#turn-\d$"))


def side_of(model: str) -> str:
    """Which side that model writes in the newest turn."""
    return Answer.objects.filter(model__slug=model).order_by("-turn__number")[0].side


def card(page: Page, model: str) -> Locator:
    """The newest answer of that model."""
    return page.locator(f"[data-side={side_of(model)}]").last


def text(card: Locator) -> Locator:
    return card.locator("[data-text]")


def expect_done(page: Page) -> None:
    expect(page.locator("[data-side]:not([data-state=done])")).to_have_count(0)
    expect(page.locator("form#vote")).to_be_visible()


def announcements(page: Page) -> list[str]:
    """The announcements so far, in order."""
    return page.locator("[data-announcer]").inner_text().splitlines()


def expect_announced_once(page: Page, sentence: str) -> None:
    expect(page.locator("[data-announcer]")).to_contain_text(sentence)
    assert announcements(page).count(sentence) == 1


def choose(page: Page, choice: Vote.Choice) -> None:
    page.get_by_label(str(choice.label)).check()


def wait_in(page: Page, condition: Callable[[], object]) -> None:
    """Return once the condition holds; meanwhile the page goes on, which it does not under tests.waiting."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"not so after {DEADLINE_SECONDS} s"
        page.wait_for_timeout(POLL_MS)


def moved(page: Page) -> dict[str, float]:
    """How far things have shifted by themselves, by what moved; what is far below one per mille left out."""
    shifts = cast(list[tuple[float, str]], page.evaluate("window.shifts"))
    return {what: value for value, what in shifts if value >= 0.0005}


def top(place: Locator) -> float:
    """Where it begins, in pixels from the top of the screen."""
    return cast(float, place.evaluate("place => place.getBoundingClientRect().top"))


def bottom(place: Locator) -> float:
    return cast(float, place.evaluate("place => place.getBoundingClientRect().bottom"))
