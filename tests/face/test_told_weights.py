"""The page on ecodesign tells what a first visit weighs: these figures are measured again here."""

import json
from datetime import date

import pytest
from playwright.sync_api import Browser

from conso_duel import pages
from tests.face.pages import PAGES
from tests.face.visit import Visit, first_visit
from tests.face.world import World

pytestmark = pytest.mark.django_db

TOLERANCE = 0.1
KINDS = {
    "home": PAGES["home"],
    "duel": PAGES["duel, ended"],
    "reveal": PAGES["reveal"],
    "leaderboard": PAGES["leaderboard"],
    "catalogue": PAGES["catalogue"],
    "tokens": PAGES["learn, tokens"],
}


def test_what_the_page_tells_is_what_a_browser_measures(
    browser: Browser, world: World, _web_process: str
) -> None:
    measured = {}
    for name, kind in KINDS.items():
        with first_visit(browser, world, _web_process, kind) as visit:
            measured[name] = [visit.requests, round(visit.bytes / 1000, 1)]
    told = json.loads(pages.WEIGHTS.read_text(encoding="utf-8"))["pages"]
    today = {"measured_on": date.today().isoformat(), "pages": measured}
    assert told == {name: pytest.approx(weight, rel=TOLERANCE) for name, weight in measured.items()}, (
        f"{pages.WEIGHTS.name} should read {json.dumps(today)}"
    )


def test_no_page_is_heavier_than_the_one_that_is_told_to_be(visit: Visit) -> None:
    _, told = pages.weights()
    heaviest = max(weight.kilobytes for weight in told)
    if not visit.kind.act:  # else two pages were weighed
        assert visit.bytes / 1000 <= heaviest * (1 + TOLERANCE)
