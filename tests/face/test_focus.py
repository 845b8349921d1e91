"""A reader on the keyboard always sees where they are: every focus shows, and nothing covers it."""

import pytest

from tests.face.visit import NARROW_PX, WIDE_PX, Visit, script

pytestmark = pytest.mark.django_db


def test_every_control_shows_its_focus_and_nothing_covers_it(visit: Visit) -> None:
    faults = {}
    for pixels in (WIDE_PX, NARROW_PX):
        with visit.width(pixels) as page:
            page.keyboard.press("Shift")  # from now on, what gets the focus counts as reached by key
            faults[pixels] = page.evaluate(script("focus"))
    assert faults == {WIDE_PX: [], NARROW_PX: []}
