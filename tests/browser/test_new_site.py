"""A site that nobody has played on, before its first model: each page says so and is sound."""

import pytest
from playwright.sync_api import Page

from tests.face import axe
from tests.face.visit import script

NARROWEST_PX = 320
PATHS = {
    "/": 200,
    "/?mode=chosen": 200,
    "/duels/": 200,
    "/duels/delete/": 200,
    "/modeles/": 200,
    "/classement/": 200,
    "/classement/duels/": 404,
    "/comprendre/": 200,
    "/comprendre/taille/": 200,
    "/comprendre/simulateur/": 200,
    "/comprendre/methode/": 200,
    "/comprendre/quiz/": 200,
    "/sante/": 200,
}


@pytest.mark.parametrize(("path", "status"), PATHS.items(), ids=PATHS.keys())
def test_an_empty_page_has_no_fault(page: Page, path: str, status: int) -> None:
    answer = page.goto(path)
    assert answer and answer.status == status
    page.set_viewport_size({"width": NARROWEST_PX, "height": 700})
    assert page.evaluate(script("losses")) == {}
    assert page.evaluate(script("structure")) == []
    assert axe.faults(page) == []  # tests/face looks at both themes
