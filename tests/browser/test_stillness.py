"""Nothing moves under the reader's eyes: not while texts are written, not when they end, not at the vote."""

import re
import threading

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.duel_page import (
    NOTE_SHIFTS,
    PHONE,
    WIDE,
    ask,
    ask_again,
    bottom,
    card,
    expect_done,
    moved,
    text,
    top,
    wait_in,
)
from tests.duels.conftest import GRAND, PETIT
from tests.upstream import Upstream, answer

pytestmark = pytest.mark.usefixtures("pair", "worker")

MAX_SHIFT = 0.02
PACE_SECONDS = 0.01
BREAK = "\n\n"
LONG = [
    f"{BREAK if number else ''}Paragraphe {number}, où il est question de tout et de rien."
    for number in range(40)
]
MARKDOWN = [
    "\n\n## Titre\n\n",
    "- un\n- deux\n\n",
    "|a|b|\n|-|-|\n|1|2|",
    "\n\n```python\nx = 1\n```\n\n",
    "Fin.",
]
DRAWN = "new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn())))"
screens = pytest.mark.parametrize("screen", [WIDE, PHONE], ids=["wide", "phone"])


@pytest.fixture
def page(page: Page) -> Page:
    page.add_init_script(NOTE_SHIFTS)
    return page


def write(upstream: Upstream, *texts: str | threading.Event) -> None:
    """Both models write this, piece by piece."""
    for model in (PETIT, GRAND):
        upstream.play(model, answer(*texts, delay_seconds=PACE_SECONDS))


def expect_paragraphs(page: Page, count: int) -> None:
    """Both sides show that many, and have been drawn: from then on, what grows moves what is below it."""
    for side in "ab":
        expect(text(page.locator(f"[data-side={side}]"))).to_contain_text(LONG[count - 1].strip())
    page.evaluate(DRAWN)


def assert_still(page: Page) -> None:
    page.wait_for_timeout(300)  # what comes after the vote's arrival
    assert sum(moved(page).values()) <= MAX_SHIFT, moved(page)


@screens
@pytest.mark.parametrize("length", ["short", "long"])
def test_nothing_moves_from_the_question_to_the_vote(
    page: Page, upstream: Upstream, screen: ViewportSize, length: str
) -> None:
    page.set_viewport_size(screen)
    write(upstream, *(LONG if length == "long" else []), *MARKDOWN)
    ask(page)
    start = top(page.locator("[data-side=a]"))
    expect_done(page)
    assert_still(page)
    assert page.evaluate("scrollY") == 0
    assert top(page.locator("[data-side=a]")) == pytest.approx(start, abs=1)


@screens
def test_nothing_moves_in_a_follow_up(page: Page, upstream: Upstream, screen: ViewportSize) -> None:
    page.set_viewport_size(screen)
    write(upstream, *LONG[:5])
    ask(page)
    expect_done(page)
    write(upstream, *LONG, *MARKDOWN)
    ask_again(page)
    turn = page.locator("#turn-2")
    start = top(turn)
    assert start < 100
    expect_done(page)
    assert_still(page)
    assert top(turn) == pytest.approx(start, abs=1)


def test_side_by_side_one_answer_does_not_move_the_end_of_the_other(
    page: Page, upstream: Upstream, gate: threading.Event
) -> None:
    upstream.play(PETIT, answer("Je suis bref."))
    upstream.play(GRAND, answer("Attends. ", gate, *LONG, delay_seconds=PACE_SECONDS))
    page.set_viewport_size(WIDE)
    ask(page)
    brief = card(page, PETIT)
    expect(brief).to_have_attribute("data-state", "done")
    start = top(brief.get_by_role("button", name="Copier"))
    gate.set()
    expect_done(page)
    assert_still(page)
    assert top(brief.get_by_role("button", name="Copier")) == pytest.approx(start, abs=1)


def test_on_a_phone_the_first_answer_does_not_push_the_second_while_it_is_read(
    page: Page, upstream: Upstream, gate: threading.Event
) -> None:
    write(upstream, *LONG[:20], gate, *LONG[20:24])
    page.set_viewport_size(PHONE)
    ask(page)
    second = page.locator("[data-side=b]")
    expect_paragraphs(page, 20)
    text(second).get_by_text("Paragraphe 9,").evaluate("place => place.scrollIntoView({block: 'center'})")
    page.evaluate(DRAWN)
    start = top(second)
    gate.set()
    expect_done(page)
    assert_still(page)
    assert top(second) == pytest.approx(start, abs=1)


def test_on_a_phone_who_follows_the_first_answer_to_its_end_sees_nothing_pushed(
    page: Page, upstream: Upstream, gate: threading.Event
) -> None:
    write(upstream, *LONG[:20], gate, *LONG[20:25])
    page.set_viewport_size(PHONE)
    ask(page)
    first = page.locator("[data-side=a]")
    expect_paragraphs(page, 20)
    text(first).get_by_text("Paragraphe 19").evaluate("place => place.scrollIntoView({block: 'center'})")
    page.wait_for_timeout(300)
    place = page.evaluate("scrollY")
    gate.set()
    expect_done(page)
    assert_still(page)
    assert page.evaluate("scrollY") == pytest.approx(place, abs=1)


@screens
def test_an_answer_takes_the_room_of_its_text(page: Page, upstream: Upstream, screen: ViewportSize) -> None:
    write(upstream, "Je suis bref.")
    page.set_viewport_size(screen)
    ask(page)
    expect_done(page)
    first = page.locator("[data-side=a]")
    assert bottom(first) - bottom(first.locator("[data-answer-end]")) < 30
    assert bottom(first) < top(page.locator("form#vote"))
    assert_still(page)


def test_on_a_phone_a_short_answer_has_no_empty_room_beside_a_long_one(
    page: Page, upstream: Upstream
) -> None:
    write(upstream, *LONG)
    upstream.play(GRAND, answer("Je suis bref."))
    page.set_viewport_size(PHONE)
    ask(page)
    expect_done(page)
    brief, long = card(page, GRAND), card(page, PETIT)
    page.locator(f".switch .side-{long.get_attribute('data-side')}").click()
    text(long).get_by_text("Paragraphe 30,").evaluate("place => place.scrollIntoView({block: 'center'})")
    page.locator(".turn > .answers").evaluate(
        "(answers, x) => answers.scrollTo(x, 0)", PHONE["width"] * (brief.get_attribute("data-side") == "b")
    )
    expect(long).to_have_attribute("data-aside", "")
    expect(brief.locator("[data-answer-end]")).to_be_in_viewport()
    assert page.locator(".turn > .answers").evaluate("box => box.offsetHeight") < PHONE["height"]


@pytest.mark.parametrize("place", ["the end", "the middle"])
def test_the_page_follows_the_text_only_for_who_is_at_its_end(
    page: Page, upstream: Upstream, gate: threading.Event, place: str
) -> None:
    write(upstream, *LONG[:30], gate, *LONG[30:])
    page.set_viewport_size(WIDE)
    ask(page)
    expect_paragraphs(page, 30)
    share = 1 if place == "the end" else 0.5
    page.evaluate("share => scrollTo(0, share * (document.body.scrollHeight - innerHeight))", share)
    page.wait_for_timeout(300)
    start = page.evaluate("scrollY")
    gate.set()
    expect_paragraphs(page, 40)
    page.wait_for_timeout(300)
    if place == "the end":
        assert page.evaluate("scrollY") > start + 100
        assert 0 < bottom(text(page.locator("[data-side=b]"))) < WIDE["height"]
    else:
        assert page.evaluate("scrollY") == start


NOTE_HEIGHTS = """text => {
  window.heights = [];
  new MutationObserver(() => heights.push(text.offsetHeight)).observe(text, { childList: true });
}"""


def test_a_text_that_is_sent_again_neither_blinks_nor_jumps(
    page: Page, upstream: Upstream, gate: threading.Event
) -> None:
    write(upstream, *LONG, gate, "\n\nFin.")
    page.set_viewport_size(WIDE)
    ask(page)
    written = text(page.locator("[data-side=a]"))
    expect_paragraphs(page, 40)
    page.evaluate("scrollTo(0, 700)")
    height = written.evaluate("text => text.offsetHeight")
    written.evaluate(NOTE_HEIGHTS)
    page.evaluate("dispatchEvent(new Event('online'))")  # a new line begins at the start
    wait_in(page, lambda: page.evaluate("heights.length"))
    assert page.evaluate("Math.min(...heights)") >= height
    assert page.evaluate("scrollY") == 700
    gate.set()
    expect_done(page)
    expect(written).to_contain_text("Paragraphe 39, où il est question de tout et de rien.\nFin.")


@screens
def test_the_bar_of_the_vote_takes_the_place_of_the_one_before(
    page: Page, upstream: Upstream, gate: threading.Event, screen: ViewportSize
) -> None:
    write(upstream, "Bonjour. ", gate, *LONG[:8])
    page.set_viewport_size(screen)
    ask(page)
    bar = page.locator("[data-stop]")
    before = (top(bar), bottom(bar))
    gate.set()
    expect_done(page)
    after = page.locator("form#vote")
    assert (top(after), bottom(after)) == pytest.approx(before, abs=2)
    assert bottom(after) == pytest.approx(screen["height"], abs=1)


@screens
def test_the_vote_covers_neither_the_end_of_a_text_nor_what_follows(
    page: Page, upstream: Upstream, screen: ViewportSize
) -> None:
    write(upstream, *LONG[:30])
    page.set_viewport_size(screen)
    ask(page)
    expect_done(page)
    for number in (0, 1):
        line = page.locator("[data-text] p:last-child").nth(number)
        line.evaluate("line => line.scrollIntoView({block: 'nearest'})")
        bars = [bar for bar in page.locator(".action-bar, form#vote").all() if bar.is_visible()]
        assert all(bottom(line) <= top(bar) or top(line) >= bottom(bar) for bar in bars)
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    footer = page.locator(".site-footer")
    expect(footer).to_be_in_viewport()
    assert top(footer) >= bottom(page.locator("form#vote"))
    expect(page.get_by_role("button", name=re.compile("Envoyer"))).to_be_in_viewport()
