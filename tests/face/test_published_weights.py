"""The page on ecodesign tells what a first visit weighs: these figures are measured again here."""

import json
from datetime import date

import pytest

from conso_duel.site import pages
from tests.face.pages import PAGES
from tests.face.visit import Visit

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


def test_every_page_in_the_published_list_is_measured() -> None:
    assert json.loads(pages.PAGE_WEIGHTS_FILE.read_text(encoding="utf-8"))["pages"].keys() == KINDS.keys()


def test_what_the_page_tells_is_what_a_browser_measures(visit: Visit) -> None:
    published = json.loads(pages.PAGE_WEIGHTS_FILE.read_text(encoding="utf-8"))["pages"]
    measured = [visit.requests, round(visit.bytes / 1000, 1)]
    for name in (name for name, kind in KINDS.items() if kind is visit.kind):
        today = {"measured_on": date.today().isoformat(), name: measured}
        assert published[name] == pytest.approx(measured, rel=TOLERANCE), (
            f"{pages.PAGE_WEIGHTS_FILE.name} should read {json.dumps(today)}"
        )


def test_no_page_is_heavier_than_the_one_published_as_the_heaviest(visit: Visit) -> None:
    _, published = pages.page_weights()
    heaviest = max(weight.kilobytes for weight in published)
    if not visit.kind.act:  # else two pages were weighed
        assert visit.bytes / 1000 <= heaviest * (1 + TOLERANCE)
