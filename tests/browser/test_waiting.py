"""Long work and failures are reported in words while the page stays as it is."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from leaderboard.ranking.publish import compute_due
from tests.leaderboard import sample_ballots as ballots

BEYOND_TIMEOUT_MS = 20_000
# Forms stay where they are; whether each would have left is noted.
STAY = """window.sent = [];
document.addEventListener("submit", (event) => {
  window.sent.push(!event.defaultPrevented);
  event.preventDefault();
});"""
WAIT = "Un instant…"
SORRY = "La page n’a pas pu se mettre à jour"


def hold(page: Page, address: str) -> list[Route]:
    """Requests to these addresses wait in the list until the test lets them go."""
    held: list[Route] = []
    page.route(address, lambda route: held.append(route))
    return held


def test_a_button_says_that_it_sends_and_sends_once(page: Page) -> None:
    page.clock.install()
    page.goto("/")
    page.evaluate(STAY)
    page.locator("[data-prompt]").fill("Pourquoi le ciel est-il bleu ?")
    for asks in (1, 2):
        page.evaluate("document.querySelector('.prompt-form').requestSubmit()")
        expect(page.get_by_role("button", name="Envoi…")).to_have_attribute("aria-disabled", "true")
        assert page.evaluate("window.sent") == [True, False][:asks]
    page.clock.fast_forward(BEYOND_TIMEOUT_MS)
    expect(page.get_by_role("button", name="Lancer le duel")).not_to_have_attribute("aria-disabled", "true")


@pytest.fixture
def votes(web: str) -> None:
    ballots.an_arena_with_votes()
    compute_due()


def search(page: Page) -> None:
    page.locator("[name=words]").fill("petit")


def press(page: Page) -> None:
    page.get_by_role("button", name="Découper").click()


ASKED: dict[str, Callable[[Page], None]] = {
    reverse("models:catalogue"): search,
    reverse("leaderboard:board"): search,
    reverse("learn:tokens"): press,
}


@pytest.mark.parametrize("address", ASKED)
def test_a_part_that_cannot_be_fetched_is_shown_as_such_until_it_can(
    votes: None, page: Page, address: str
) -> None:
    page.goto(address, wait_until="networkidle")
    alert = page.get_by_text(SORRY)
    expect(alert).to_be_hidden()
    for answer in (lambda route: route.abort(), lambda route: route.fulfill(status=503, body="<html>")):
        page.route(f"**{address}**", answer)
        ASKED[address](page)
        expect(alert).to_be_visible()
        page.unroute_all()
        page.locator("[name=words], [name=text]").first.fill("mélange")
        expect(alert).to_be_hidden()


def test_a_part_that_takes_long_is_shown_as_such(votes: None, page: Page) -> None:
    page.goto(reverse("models:catalogue"), wait_until="networkidle")
    held = hold(page, "**/modeles/**")
    search(page)
    expect(page.get_by_text(WAIT)).to_be_visible()
    held[0].continue_()
    expect(page.get_by_text(WAIT)).to_be_hidden()
    expect(page.locator("#models-count")).to_contain_text("1")
