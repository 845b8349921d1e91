"""Less motion, and the reader's own colours: both are respected."""

import pytest

from tests.face.visit import Visit, script

pytestmark = pytest.mark.django_db

RUNNING = """document.getAnimations().filter((one) => one.playState === "running")
  .map((one) => one.effect.target.outerHTML.slice(0, 120))"""


def test_nothing_moves_and_nothing_melts_for_who_asks_so(visit: Visit) -> None:
    """Under forced colours, controls keep an edge and the sides their letters."""
    visit.page.emulate_media(reduced_motion="reduce", forced_colors="active")
    running: list[str] = visit.page.evaluate(RUNNING)
    without_edge: list[str] = visit.page.evaluate(script("edges"))
    visit.page.emulate_media(reduced_motion="no-preference", forced_colors="none")
    assert running == []
    assert without_edge == []
