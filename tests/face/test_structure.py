"""The structure for a screen reader: headings in order, landmarks, a language, a link past the header."""

import pytest

from tests.face.visit import Visit, script

pytestmark = pytest.mark.django_db


def test_a_page_is_in_order_for_who_listens(visit: Visit) -> None:
    with visit.unfolded() as page:
        assert page.evaluate(script("structure")) == []


def test_the_first_link_leads_past_the_header(visit: Visit) -> None:
    page = visit.page
    page.locator(".skip-link").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
