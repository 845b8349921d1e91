"""Less motion, and the reader's own colours: both are kept to."""

import pytest

from tests.face.visit import Visit, script

pytestmark = pytest.mark.django_db

RUNNING = """document.getAnimations().filter((one) => one.playState === "running")
  .map((one) => one.effect.target.outerHTML.slice(0, 120))"""


def test_nothing_moves_for_who_wants_less_motion(visit: Visit) -> None:
    visit.page.emulate_media(reduced_motion="reduce")
    running: list[str] = visit.page.evaluate(RUNNING)
    visit.page.emulate_media(reduced_motion="no-preference")
    assert running == []


def test_controls_and_sides_are_told_apart_in_forced_colours(visit: Visit) -> None:
    visit.page.emulate_media(forced_colors="active")
    without_edge: list[str] = visit.page.evaluate(script("edges"))
    visit.page.emulate_media(forced_colors="none")
    assert without_edge == []
