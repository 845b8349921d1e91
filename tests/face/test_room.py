"""A narrow screen, large letters and wide spacing take nothing away and cover nothing."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import pytest
from playwright.sync_api import Page

from tests.face.visit import NARROW_PX, WIDE_PX, Visit, script

pytestmark = pytest.mark.django_db

NARROWEST_PX = 320  # WCAG 1.4.10
PHONE_PX = 390
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


SITUATIONS = {
    "narrowest": (NARROWEST_PX, nullcontext),
    "zoomed": (ZOOMED_PX, nullcontext),
    "large text": (WIDE_PX, large_text),
    "large text on a phone": (NARROW_PX, large_text),
    "wide spacing": (WIDE_PX, wide_spacing),
    "wide spacing on a phone": (NARROW_PX, wide_spacing),
}


def test_nothing_is_lost_for_want_of_room(visit: Visit) -> None:
    lost = {}
    with visit.unfolded():
        for name, (pixels, change) in SITUATIONS.items():
            with visit.width(pixels) as page, change(page):
                lost[name] = page.evaluate(script("losses"))
    assert {name: places for name, places in lost.items() if places} == {}


FIELDS_TOO_SMALL = """[...document.querySelectorAll("input:not([type=hidden]), select, textarea")]
  .filter((field) => parseFloat(getComputedStyle(field).fontSize) < 16)
  .map((field) => `${field.tagName} ${field.type} ${field.name}`)"""


def test_no_field_is_so_small_that_an_iphone_zooms_into_it(visit: Visit) -> None:
    with visit.unfolded(), visit.width(PHONE_PX) as page:
        assert page.evaluate(FIELDS_TOO_SMALL) == []
