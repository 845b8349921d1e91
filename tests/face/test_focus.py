"""Who goes by the keyboard always sees where they are: every focus shows, and nothing covers it."""

import pytest

from tests.face.visit import NARROW_PX, WIDE_PX, Visit, script

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("pixels", [WIDE_PX, NARROW_PX])
def test_every_control_shows_its_focus_and_nothing_covers_it(visit: Visit, pixels: int) -> None:
    with visit.width(pixels) as page:
        page.keyboard.press("Shift")  # from now on, the browser takes what gets the focus for reached by key
        assert page.evaluate(script("focus")) == []
