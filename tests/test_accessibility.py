"""No public page has a fault that axe-core can find; those of « Comprendre » are in their own folder."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from tests import axe, cast

PAGES = {
    "home": reverse("duels:home"),
    "my duels": reverse("duels:duels"),
    "about": reverse("about"),
    "catalogue": reverse("models:catalogue"),
    "a model": reverse("models:model", args=["grand-70b"]),
    "a secret model": reverse("models:model", args=["secret-1"]),
    "leaderboard": reverse("leaderboard:board"),
    "page not found": "/nulle-part/",
}


@pytest.fixture
def models(web: str) -> None:
    """A small cast, one model of each kind, so that lists and choices are not empty."""
    cast.petit_3b(), cast.grand_70b(), cast.melange_117b(), cast.secret()


@pytest.mark.parametrize("name", PAGES)
def test_a_public_page_has_no_fault(models: None, page: Page, name: str) -> None:
    page.goto(PAGES[name], wait_until="networkidle")
    assert axe.faults_in_every_look(page) == {}


def test_a_reveal_has_no_fault(web: str, page: Page) -> None:
    duel = cast.make_duel(cast.grand_70b(), cast.secret())
    cast.vote(duel)
    page.goto(duel.get_absolute_url(), wait_until="networkidle")
    assert axe.faults_in_every_look(page) == {}


def test_a_fault_is_found(page: Page) -> None:
    page.set_content("<html lang='fr'><title>Essai</title><main><h1>Image</h1><img src='x'></main></html>")
    assert [fault.partition(":")[0] for fault in axe.faults(page)] == ["image-alt"]
