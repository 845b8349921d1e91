"""A narrow screen, large letters and wide spacing take nothing away and cover nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page

from tests.face.visit import NARROW_PX, WIDE_PX, Visit

pytestmark = pytest.mark.django_db

NARROWEST_PX = 320  # WCAG 1.4.10
ZOOMED_PX = WIDE_PX // 2  # what is left of a wide window at 200 %, WCAG 1.4.4
USUAL_TEXT_PX = 16
# WCAG 1.4.12, word for word; a style sheet made by script is none of those that the policy refuses.
SPACE = """
const sheet = new CSSStyleSheet();
sheet.replaceSync(`
  * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
  p { margin-bottom: 2em !important; }`);
document.adoptedStyleSheets = [sheet];
"""
USUAL_SPACE = "document.adoptedStyleSheets = []"

# Boxes that hide a part of their own text. What is only for ears hides it on purpose; fields scroll.
CUT = """() => {
  const ancestors = function* (box) { for (; box; box = box.parentElement) yield box; };
  const forEars = (box) => [...ancestors(box)].some((one) => getComputedStyle(one).clipPath !== "none");
  const hides = (box) => /hidden|clip/.test(getComputedStyle(box).overflow);
  const overflows = (box) => box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1;
  return [...document.body.querySelectorAll("*:not(input, select, svg, svg *)")]
    .filter((box) => box.checkVisibility() && hides(box) && overflows(box) && !forEars(box))
    .map((box) => box.outerHTML.slice(0, 120));
}"""
# Controls of the header that lie over one another.
OVERLAPS = """() => {
  const every = [...document.querySelectorAll(".site-header :is(a, button)")];
  const controls = every.filter((one) => one.checkVisibility());
  const boxes = controls.map((one) => one.getBoundingClientRect());
  const shared = (a, b, start, end) => Math.min(a[end], b[end]) - Math.max(a[start], b[start]);
  const meet = (a, b) => shared(a, b, "left", "right") > 1 && shared(a, b, "top", "bottom") > 1;
  return controls.flatMap((one, i) => controls.filter((other, j) => i < j && meet(boxes[i], boxes[j]))
    .map((other) => `${one.innerText} / ${other.innerText}`));
}"""
# What makes the page wider than its window; a frame of its own may scroll, the page may not.
WIDER = """() => {
  const limit = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= limit) return [];
  const framed = (box) => box && (getComputedStyle(box).overflowX !== "visible" || framed(box.parentElement));
  return [...document.body.querySelectorAll("*")]
    .filter((box) => box.getBoundingClientRect().right > limit + 0.5 && !framed(box.parentElement))
    .map((box) => box.outerHTML.slice(0, 120));
}"""


def losses(page: Page) -> dict[str, list[str]]:
    """What is cut, covered, or wider than the window; empty when nothing is."""
    found = {"cut": CUT, "overlaps": OVERLAPS, "wider": WIDER}
    told = {name: page.evaluate(script)[:4] for name, script in found.items()}
    return {name: places for name, places in told.items() if places}


@contextmanager
def large_text(page: Page) -> Iterator[None]:
    """As a reader sets it in the browser: breakpoints in rem follow."""
    session = page.context.new_cdp_session(page)
    session.send("Page.setFontSizes", {"fontSizes": {"standard": 2 * USUAL_TEXT_PX}})
    try:
        yield
    finally:
        session.send("Page.setFontSizes", {"fontSizes": {"standard": USUAL_TEXT_PX}})


@contextmanager
def wide_spacing(page: Page) -> Iterator[None]:
    page.evaluate(SPACE)
    try:
        yield
    finally:
        page.evaluate(USUAL_SPACE)


@pytest.mark.parametrize("pixels", [NARROWEST_PX, ZOOMED_PX])
def test_nothing_is_lost_in_a_narrow_window(visit: Visit, pixels: int) -> None:
    with visit.unfolded(), visit.width(pixels) as page:
        assert losses(page) == {}


@pytest.mark.parametrize("pixels", [WIDE_PX, NARROW_PX])
def test_nothing_is_lost_with_letters_twice_as_large(visit: Visit, pixels: int) -> None:
    with visit.unfolded(), visit.width(pixels) as page, large_text(page):
        assert losses(page) == {}


@pytest.mark.parametrize("pixels", [WIDE_PX, NARROW_PX])
def test_nothing_is_lost_with_wide_spacing(visit: Visit, pixels: int) -> None:
    with visit.unfolded(), visit.width(pixels) as page, wide_spacing(page):
        assert losses(page) == {}
