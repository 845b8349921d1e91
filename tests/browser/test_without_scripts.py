"""A duel from the question to its deletion, in a browser that runs no script."""

import re
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from duels.models import Answer, Duel, Guess, Reaction, SecondVote, Vote
from tests.browser.duel_page import wait_in
from tests.duels.conftest import GRAND, PETIT
from tests.upstream import Upstream, answer, refuses

DUEL_PAGE = re.compile(r"/duels/[\w-]{22}/")


@pytest.fixture
def scriptless(browser: Browser, web: str) -> Iterator[Page]:
    with browser.new_context(base_url=web, locale="fr-FR", java_script_enabled=False) as context:
        yield context.new_page()


def ask(page: Page, prompt: str = "Pourquoi ?") -> None:
    page.goto("/")
    page.get_by_label("Votre question").fill(prompt)
    page.get_by_role("button", name="Lancer le duel").click()
    page.wait_for_url(DUEL_PAGE)


def wait_for_the_vote(page: Page) -> None:
    expect(page.locator("form#vote")).to_be_visible()


def reload_when_written(page: Page) -> None:
    """Reload as the page would by itself some seconds later."""
    unfinished = Answer.objects.filter(state__in=(Answer.State.WAITING, Answer.State.STREAMING))
    wait_in(page, lambda: not unfinished.exists())
    with suppress(Error):  # it may be coming back by itself, or from a form, at this very moment
        page.reload()


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).first.click()


@pytest.fixture
def played(scriptless: Page, pair: None, worker: None) -> Page:
    """A duel that has ended, before the vote."""
    ask(scriptless)
    reload_when_written(scriptless)
    return scriptless


def test_a_page_that_is_written_comes_back_by_itself_until_the_vote(
    scriptless: Page, upstream: Upstream, pair: None, worker: None, gate: threading.Event
) -> None:
    upstream.play(PETIT, answer("Le ciel ", gate, "est bleu."))
    ask(scriptless)
    expect(scriptless.get_by_role("button", name="Arrêter")).to_be_visible()
    gate.set()
    wait_for_the_vote(scriptless)
    expect(scriptless.get_by_text("Le ciel est bleu.")).to_be_visible()


def test_stopped_answers_stay_on_the_page(
    scriptless: Page, upstream: Upstream, pair: None, worker: None, gate: threading.Event
) -> None:
    for model in (PETIT, GRAND):
        upstream.play(model, answer("Il était une fois", gate, " la fin."))
    ask(scriptless)
    assert upstream.wait_until(lambda upstream: upstream.active == 2, 15)
    press(scriptless, "Arrêter")
    reload_when_written(scriptless)
    wait_for_the_vote(scriptless)
    assert Answer.objects.filter(stopped=True).count() == 2


def test_a_side_that_failed_is_tried_again(
    scriptless: Page, upstream: Upstream, pair: None, worker: None
) -> None:
    upstream.play(PETIT, refuses(500))
    ask(scriptless)
    reload_when_written(scriptless)
    upstream.play(PETIT, answer("Me revoilà."))
    scriptless.get_by_role("button", name="Relancer la réponse").click()
    reload_when_written(scriptless)
    wait_for_the_vote(scriptless)
    expect(scriptless.get_by_text("Me revoilà.")).to_be_visible()


def test_the_conversation_goes_on(played: Page) -> None:
    played.get_by_label("Votre question suivante").fill("Et la nuit ?")
    press(played, "Envoyer aux deux")
    expect(played.locator("#turn-2")).to_be_visible()
    reload_when_written(played)
    wait_for_the_vote(played)
    assert Duel.objects.get().turns.count() == 2


def test_an_answer_is_liked_for_a_reason(played: Page) -> None:
    press(played, "J’aime")
    played.locator(".reaction").get_by_label("claire").check()
    press(played, "Enregistrer")
    assert Reaction.objects.get().reasons == ["clear"]


def test_a_vote_with_its_bet_and_its_why_a_second_vote(played: Page) -> None:
    played.get_by_label("B est meilleure").check()
    played.locator("[name=bet][value=a]").check()
    played.get_by_label("× 10", exact=True).check()
    played.locator("form#vote summary").click()
    played.get_by_label("Un commentaire sur la réponse A").fill("Trop court.")
    press(played, "Découvrir")
    for name in ("Petit-3B", "Grand-70B"):
        expect(played.locator(".moment-name", has_text=name)).to_be_visible()
    played.locator("#second-vote-a").click()
    expect(played.get_by_text("votre vote à l’aveugle reste")).to_be_visible()
    assert (Guess.objects.get().factor, Vote.objects.get().choice) == (10, "b")
    assert SecondVote.objects.get().choice == "a"


@pytest.fixture
def voted(played: Page) -> Page:
    played.get_by_label("Les deux se valent").check()
    press(played, "Découvrir")
    return played


def test_a_result_is_shared_and_the_link_taken_back(voted: Page, browser: Browser, web: str) -> None:
    press(voted, "Partager")
    link = voted.locator("#share-link").input_value()
    with browser.new_context(java_script_enabled=False) as context:
        stranger = context.new_page()
        stranger.goto(link)
        expect(stranger.get_by_text("Grand-70B").first).to_be_visible()
        voted.locator("#share summary").click()
        press(voted, "Ne plus partager")
        answer = stranger.goto(link)
        assert answer and answer.status in (404, 410)


def test_one_duel_is_deleted_then_all(voted: Page) -> None:
    ask(voted, "Et la nuit ?")
    reload_when_written(voted)
    voted.goto("/duels/")
    voted.get_by_role("link", name=re.compile("Supprimer.*Et la nuit")).click()
    press(voted, "Supprimer ce duel")
    assert Duel.objects.count() == 1
    voted.get_by_role("link", name="Supprimer tous mes duels").click()
    press(voted, "Tout supprimer")
    expect(voted.get_by_text("Aucun duel pour l’instant.")).to_be_visible()
    assert not Duel.objects.exists()
