"""What a screen reader goes by: headings in order, landmarks, a language, a link past the header."""

import itertools
from collections import Counter

import pytest

from tests.face.visit import Visit

pytestmark = pytest.mark.django_db

HEADINGS = """[...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
  .filter((heading) => heading.checkVisibility()).map((heading) => Number(heading.tagName[1]))"""
IDS = "[...document.querySelectorAll('[id]')].map((one) => one.id)"


def test_headings_stand_in_order_below_the_only_first_one(visit: Visit) -> None:
    with visit.unfolded() as page:
        levels: list[int] = page.evaluate(HEADINGS)
    assert levels.count(1) == 1
    skipped = [pair for pair in itertools.pairwise(levels) if pair[1] > pair[0] + 1]
    assert skipped == []


def test_a_page_has_its_landmarks_and_says_its_language(visit: Visit) -> None:
    assert visit.page.locator("html").get_attribute("lang") == "fr"
    for landmark in ("banner", "main"):
        assert visit.page.get_by_role(landmark).count() == 1, landmark  # type: ignore[arg-type]


def test_no_id_stands_twice(visit: Visit) -> None:
    ids = Counter(visit.page.evaluate(IDS))
    assert [name for name, count in ids.items() if count > 1] == []


def test_the_first_key_leads_past_the_header(visit: Visit) -> None:
    page = visit.page
    if page.get_by_role("navigation").count() == 0:  # nothing to pass
        return
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('main, #content') !== null")
