"""A duel as it is played: in a browser, by keyboard, on a phone, on a bad line, without scripts."""

import re
import threading
from collections.abc import Iterator
from typing import Any, cast

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from duels.models import Answer, Vote
from tests.duels.conftest import GRAND, PETIT
from tests.upstream import Upstream, answer, refuses

pytestmark = pytest.mark.usefixtures("pair", "worker")

WORDS = [f"mot {number}, " for number in range(30)]
TEXT = "".join(WORDS).strip()
MARKDOWN = "## Titre\n\n|a|b|\n|-|-|\n|1|2|\n\n```python\nx = 1\n```\n\nFin."
HOSTILE = (
    "<script>window.__pwned = 1</script><img src=x onerror='window.__pwned = 2'>"
    "<svg onload='window.__pwned = 3'></svg>[lien](javascript:window.__pwned=4)\n\n"
    "```html\n<script>window.__pwned = 5</script>\n```\n"
)
DUEL_PAGE = re.compile(r"/duels/[\w-]{22}/")
PATIENCE_MS = 15_000
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Holds back the rest of an answer; opened at the end, so that no model keeps talking."""
    gate = threading.Event()
    yield gate
    gate.set()


def ask(page: Page, prompt: str = "Bonjour") -> None:
    """Types a question on the home page and sends it with Enter."""
    page.goto("/")
    page.locator("[data-prompt]").fill(prompt)
    page.keyboard.press("Enter")
    page.wait_for_url(DUEL_PAGE)


def card(page: Page, model: str) -> Locator:
    """The newest answer of that model."""
    side = Answer.objects.filter(model__slug=model).order_by("-turn__number")[0].side
    return page.locator(f"[data-side={side}]").last


def text(card: Locator) -> Locator:
    return card.locator("[data-text]")


def expect_done(page: Page) -> None:
    expect(page.locator("[data-side]:not([data-state=done])")).to_have_count(0)
    expect(page.locator("form#vote")).to_be_visible()


def choose(page: Page, choice: Vote.Choice) -> None:
    page.get_by_label(str(choice.label)).check()


def tab_to(page: Page, selector: str) -> None:
    """Presses Tab until the focus is on the element."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}")


def test_a_duel_is_played_by_keyboard_alone(page: Page, upstream: Upstream, gate: threading.Event) -> None:
    upstream.play(PETIT, answer("Le ciel ", gate, "est bleu."))
    page.goto("/")
    page.keyboard.type("Pourquoi ?")  # the question box has the focus
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("Et la nuit ?")
    page.keyboard.press("Enter")
    page.wait_for_url(DUEL_PAGE)
    expect(page.locator(".turn-prompt")).to_have_text("Pourquoi ?\nEt la nuit ?")
    expect(text(card(page, PETIT))).to_have_text("Le ciel ")
    expect(card(page, PETIT)).to_have_attribute("data-state", "streaming")
    gate.set()
    expect(text(card(page, PETIT))).to_have_text("Le ciel est bleu.")
    expect(text(card(page, GRAND))).to_have_text("Je suis long.")
    tab_to(page, "input[name=choice]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    tab_to(page, "form#vote button")
    page.keyboard.press("Enter")
    expect(page.locator("#revelation")).to_be_focused()
    assert Vote.objects.get().choice == Vote.Choice.values[1]
    for name in ("Petit-3B", "Grand-70B"):
        expect(page.get_by_role("heading", name=name)).to_be_visible()


def test_the_reveal_after_a_reload_is_the_reveal_of_the_vote(page: Page) -> None:
    ask(page)
    expect_done(page)
    choose(page, Vote.Choice.BOTH_GOOD)
    page.locator("form#vote button.vote-submit").click()
    foot = page.locator("#duel-foot")
    expect(page.locator("#revelation")).to_be_visible()
    shown = foot.inner_text()
    page.reload()
    assert foot.inner_text() == shown


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


def test_two_tabs_show_the_same(page: Page, upstream: Upstream) -> None:
    upstream.play(PETIT, answer(*WORDS, delay_seconds=0.02))
    ask(page)
    other = page.context.new_page()
    other.goto(page.url)
    for tab in (page, other):
        expect_done(tab)
        expect(text(card(tab, PETIT))).to_have_text(TEXT)


def test_a_dropped_line_is_taken_up_again(page: Page, upstream: Upstream, gate: threading.Event) -> None:
    upstream.play(PETIT, answer("avant ", gate, "après"))
    ask(page)
    expect(text(card(page, PETIT))).to_have_text("avant ")
    page.context.set_offline(True)
    gate.set()
    page.wait_for_function("() => !navigator.onLine")
    page.context.set_offline(False)
    expect_done(page)
    expect(text(card(page, PETIT))).to_have_text("avant après")


def test_a_follow_up_keeps_the_first_answers(page: Page, upstream: Upstream) -> None:
    ask(page)
    expect_done(page)
    upstream.play(PETIT, answer("La nuit, il est noir."))
    page.locator("[data-prompt]").fill("Et la nuit ?")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("#tour-2$"))
    expect_done(page)
    expect(text(card(page, PETIT))).to_have_text("La nuit, il est noir.")
    expect(page.locator("#tour-1 [data-text]").filter(has_text="Je suis bref.")).to_have_count(1)


def test_a_stop_keeps_what_was_written_and_opens_the_vote(
    page: Page, upstream: Upstream, gate: threading.Event
) -> None:
    for model in (PETIT, GRAND):
        upstream.play(model, answer("Il était une fois", gate, " la fin."))
    ask(page)
    for model in (PETIT, GRAND):
        expect(text(card(page, model))).to_have_text("Il était une fois")
    page.get_by_role("button", name="Arrêter").click()
    assert upstream.wait_until(lambda upstream: upstream.active == 0)
    expect_done(page)
    for model in (PETIT, GRAND):
        expect(text(card(page, model))).to_have_text("Il était une fois")


def test_a_failed_side_says_so_and_is_tried_again(page: Page, upstream: Upstream) -> None:
    upstream.play(PETIT, refuses(500))
    ask(page)
    expect(page.locator("[data-state=failed] [data-failure]")).to_have_text(
        "Ce modèle ne répond pas pour le moment."
    )
    upstream.play(PETIT, answer("Me revoilà."))
    page.get_by_role("button", name="Relancer la réponse").click()
    expect_done(page)
    expect(text(card(page, PETIT))).to_have_text("Me revoilà.")


def test_a_finished_answer_is_formatted_and_can_be_copied(page: Page, upstream: Upstream) -> None:
    upstream.play(PETIT, answer(*re.split("(?<=\n)", MARKDOWN), delay_seconds=0.01))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page)
    expect_done(page)
    written = card(page, PETIT)
    expect(text(written).locator("table td")).to_have_text(["1", "2"])
    expect(text(written).locator("h4")).to_have_text("Titre")
    written.locator("footer").get_by_role("button", name="Copier").click()
    expect(written.get_by_role("button", name="Copié")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == MARKDOWN
    text(written).get_by_role("button", name="Copier").click()
    expect(text(written).get_by_role("button", name="Copié")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").strip() == "x = 1"


@pytest.mark.parametrize("reloaded", [False, True])
def test_a_hostile_answer_does_not_run(page: Page, upstream: Upstream, reloaded: bool) -> None:
    upstream.play(PETIT, answer(*[HOSTILE[place : place + 7] for place in range(0, len(HOSTILE), 7)]))
    ask(page)
    expect_done(page)
    if reloaded:
        page.reload()
    expect(text(card(page, PETIT))).to_contain_text("<script>window.__pwned = 1</script>")
    assert page.evaluate("window.__pwned") is None
    assert text(card(page, PETIT)).locator("script, img, svg:not(.icon), a, [onerror], [onload]").count() == 0


SUM_SHIFTS = """
window.shifts = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.shifts += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


def tops(page: Page) -> list[float]:
    """Where the cards begin, in pixels from the top of the page."""
    return cast(
        list[float],
        page.eval_on_selector_all(
            "[data-side]", "cards => cards.map((card) => card.getBoundingClientRect().top + scrollY)"
        ),
    )


@pytest.mark.parametrize("width", [1366, 360])
def test_nothing_jumps_while_the_answers_are_written(page: Page, upstream: Upstream, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.add_init_script(SUM_SHIFTS)
    for model in (PETIT, GRAND):
        upstream.play(model, answer(*WORDS, "\n\n", MARKDOWN, delay_seconds=0.01))
    ask(page)
    start = tops(page)
    expect_done(page)
    assert tops(page)[0] == pytest.approx(start[0], abs=1)
    assert page.evaluate("scrollY") == 0
    if width > 1000:  # side by side; on a phone the second card stands below the text of the first
        assert tops(page) == pytest.approx(start, abs=1)
        assert page.evaluate("window.shifts") < 0.1  # « good »: https://web.dev/articles/cls


@pytest.mark.parametrize("width", [360, 320])
def test_a_phone_never_scrolls_sideways(page: Page, upstream: Upstream, width: int) -> None:
    wide = f"{'x' * 300} {MARKDOWN}\n\n|{'colonne|' * 12}\n|{'-|' * 12}\n\n    {'code ' * 60}"
    for model in (PETIT, GRAND):
        upstream.play(model, answer("x" * 300, wide, delay_seconds=0.05))
    page.set_viewport_size({"width": width, "height": 740})
    page.goto("/")
    assert_no_sideways_scroll(page)
    ask(page, "y" * 300)
    assert_no_sideways_scroll(page)
    expect_done(page)
    assert_no_sideways_scroll(page)
    page.locator("form#vote summary").click()
    assert_no_sideways_scroll(page)
    choose(page, Vote.Choice.BOTH_BAD)
    page.locator("form#vote button.vote-submit").click()
    expect(page.locator("#revelation")).to_be_visible()
    assert_no_sideways_scroll(page)
    page.goto("/duels/")
    assert_no_sideways_scroll(page)


def assert_no_sideways_scroll(page: Page) -> None:
    page.evaluate("scrollTo(9999, scrollY)")
    assert page.evaluate("scrollX") == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth")


class Traffic:
    """What a page loads over the network, with an empty cache: requests, and their bytes as they travel."""

    def __init__(self, page: Page) -> None:
        self.requests = 0
        self.bytes = 0
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        session.on("Network.loadingFinished", self._add)

    def _add(self, finished: dict[str, Any]) -> None:
        self.requests += 1
        self.bytes += int(finished["encodedDataLength"])


@pytest.mark.parametrize("path", ["home", "duel"])
def test_a_first_visit_weighs_at_most_12_requests_and_60_kb(page: Page, path: str) -> None:
    if path == "duel":
        ask(page)
        expect_done(page)
    address = page.url if path == "duel" else "/"
    fresh = page.context.new_page()
    traffic = Traffic(fresh)
    fresh.goto(address, wait_until="networkidle")
    assert 0 < traffic.requests <= 12
    assert traffic.bytes <= 60_000


@pytest.fixture
def page_without_scripts(browser: Browser, web: str) -> Iterator[Page]:
    with browser.new_context(base_url=web, locale="fr-FR", java_script_enabled=False) as context:
        yield context.new_page()


def test_without_scripts_a_duel_is_played_with_plain_forms(
    page_without_scripts: Page, upstream: Upstream, gate: threading.Event
) -> None:
    page = page_without_scripts
    upstream.play(PETIT, answer("Le ciel ", gate, "est bleu."))
    page.goto("/")
    page.locator("[data-prompt]").fill("Pourquoi ?")
    page.get_by_role("button", name="Lancer le duel").click()
    page.wait_for_url(DUEL_PAGE)
    expect(page.get_by_role("button", name="Arrêter")).to_be_visible()
    gate.set()
    upstream.wait_until(lambda upstream: upstream.active == 0)
    while page.locator("form#vote").count() == 0:
        page.reload()
    expect(text(card(page, PETIT))).to_have_text("Le ciel est bleu.")
    page.locator("#tour-1").get_by_role("button", name="J’aime", exact=True).first.click()
    expect(page.locator("#tour-1 [aria-pressed=true]")).to_have_count(1)
    choose(page, Vote.Choice.A)
    page.locator("form#vote button.vote-submit").click()
    expect(page.locator("#revelation")).to_be_visible()
    for name in ("Petit-3B", "Grand-70B"):
        expect(page.get_by_role("heading", name=name)).to_be_visible()
