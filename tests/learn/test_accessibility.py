"""No page of « Comprendre » has a fault that axe-core can find, whatever its state."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests import axe

NAMES = ("index", "size", "architecture", "simulator", "method", "glossary")
PAGES = {
    **{name: reverse(f"learn:{name}") for name in NAMES},
    "a model without a size": reverse("learn:size") + "?model=gpt-5",
    "figures refused": reverse("learn:simulator") + "?a-total=beaucoup&a-architecture=dense",
    "a quiz begun": reverse("learn:quiz") + "?draw=bcdfg",
    "a quiz answered": reverse("learn:quiz") + "?draw=bcdfg&choices=a",
    "a quiz finished": reverse("learn:quiz") + "?draw=bcdfg&choices=abssa",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_fault(web: str, registry: None, page: Page, name: str) -> None:
    page.goto(PAGES[name], wait_until="networkidle")
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    assert axe.faults_in_every_look(page) == {}


def test_the_lens_has_no_fault(web: str, registry: None, page: Page) -> None:
    page.goto(reverse("learn:tokens"))
    expect(page.locator(".cut")).to_have_count(9, timeout=60_000)
    assert axe.faults_in_every_look(page) == {}
