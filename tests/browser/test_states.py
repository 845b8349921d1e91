"""Each answer says its state in a word; a screen reader announces it once, politely."""

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from duels.models import Answer
from models_registry.models import LanguageModel
from tests import cast
from tests.browser.duel_page import (
    announcements,
    ask,
    ask_again,
    card,
    expect_announced_once,
    expect_done,
    side_of,
    text,
    write_until,
)
from tests.duels.conftest import GRAND, PETIT
from tests.upstream import Upstream, answer, refuses

pytestmark = pytest.mark.usefixtures("pair", "worker")

VOTE = "Les deux réponses sont finies\u00a0: à vous de voter."


def expect_state(page: Page, model: str, word: str) -> None:
    """In the card, and on the switch of a phone."""
    expect(page.locator(f".turn:last-of-type [data-state-of={side_of(model)}]")).to_have_text([word] * 2)


def test_what_no_worker_has_taken_yet_waits(page: Page, web: str) -> None:
    duel = cast.make_duel(
        *LanguageModel.objects.order_by("slug"),
        state=Answer.State.WAITING,
        visitor=cast.visitor_at(page, web),
    )
    page.goto(duel.get_absolute_url())
    for model in (PETIT, GRAND):
        expect_state(page, model, "en attente")


def test_a_comment_that_is_typed_outlives_a_change_of_language(page: Page, web: str) -> None:
    duel = cast.make_duel(*LanguageModel.objects.order_by("slug"), visitor=cast.visitor_at(page, web))
    page.goto(duel.get_absolute_url())
    page.get_by_label("B est meilleure").check()
    page.locator(".vote-why summary").click()
    page.get_by_label("Un commentaire sur la réponse A").fill("Trop court.")
    page.get_by_role("button", name="EN English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#id_comment_a")).to_have_value("Trop court.")
    expect(page.locator("#id_comment_a")).to_be_visible()
    expect(page.locator("[name=choice][value=b]")).to_be_checked()


def test_states_are_words(page: Page, upstream: Upstream, gate: threading.Event) -> None:
    upstream.play(PETIT, answer("Un début", gate, " et une fin."))
    upstream.play(GRAND, refuses(500))
    ask(page)
    expect_state(page, PETIT, "écrit…")
    expect_state(page, GRAND, "a échoué")
    gate.set()
    expect_state(page, PETIT, "terminé")


@pytest.fixture
def english_page(browser: Browser, web: str) -> Iterator[Page]:
    with browser.new_context(base_url=web, locale="en-GB") as context:
        yield context.new_page()


def test_states_are_words_in_english(english_page: Page, upstream: Upstream, gate: threading.Event) -> None:
    upstream.play(PETIT, answer("Un début", gate, " et une fin."))
    upstream.play(GRAND, refuses(500))
    ask(english_page)
    expect_state(english_page, PETIT, "writing…")
    expect_state(english_page, GRAND, "failed")
    expect_announced_once(english_page, f"{side_of(PETIT).upper()} is writing…")
    gate.set()
    expect_state(english_page, PETIT, "finished")


def test_each_state_is_announced_once_and_the_vote_last(
    page: Page, upstream: Upstream, gate: threading.Event
) -> None:
    write_until(upstream, gate)
    ask(page)
    for side in "AB":
        expect_announced_once(page, f"{side} écrit…")
    gate.set()
    expect_announced_once(page, VOTE)
    assert sorted(announcements(page)[:2]) == ["A écrit…", "B écrit…"]
    assert announcements(page)[2:] == ["A a terminé.", "B a terminé.", VOTE]
    assert page.locator("[data-announcer]").get_attribute("role") == "log"  # polite: it interrupts nothing


def test_nothing_is_announced_again_when_a_broken_connection_sends_it_again(
    page: Page, upstream: Upstream, gate: threading.Event
) -> None:
    upstream.play(PETIT, answer("Un début", gate, " et une fin."))
    upstream.play(GRAND, refuses(500))
    ask(page)
    grand, petit = side_of(GRAND).upper(), side_of(PETIT).upper()
    expect(page.locator("[data-announcer]")).to_contain_text(f"La réponse {grand} a échoué.")
    expect_announced_once(page, f"{petit} écrit…")
    before = announcements(page)
    with page.expect_request("**/stream/"):
        page.evaluate("dispatchEvent(new Event('online'))")
    gate.set()
    expect_announced_once(page, f"{petit} a terminé.")
    assert announcements(page)[: len(before) + 1] == [*before, f"{petit} a terminé."]


def test_a_failure_is_announced_with_its_reason_and_so_is_the_second_try(
    page: Page, upstream: Upstream, gate: threading.Event
) -> None:
    until_the_page_is_there = threading.Event()
    upstream.play(PETIT, answer("Je suis bref", until_the_page_is_there, "."))
    upstream.play(GRAND, refuses(500))
    ask(page)
    side = side_of(GRAND).upper()
    expect_announced_once(page, f"La réponse {side} a échoué. Ce modèle ne répond pas pour le moment.")
    until_the_page_is_there.set()
    expect_announced_once(page, "Vous pouvez voter, ou relancer ce qui a échoué.")
    upstream.play(GRAND, answer("Me revoilà", gate, "."))
    page.get_by_role("button", name="Relancer la réponse").click()
    expect_announced_once(page, f"{side} écrit…")
    gate.set()
    expect_announced_once(page, f"{side} a terminé.")
    expect_announced_once(page, VOTE)


def test_an_answer_that_is_stopped_says_so(page: Page, upstream: Upstream, gate: threading.Event) -> None:
    write_until(upstream, gate)
    ask(page)
    for model in (PETIT, GRAND):
        expect(text(card(page, model))).to_have_text("Un début")
    page.get_by_role("button", name="Arrêter").click()
    for model in (PETIT, GRAND):
        expect_state(page, model, "arrêté")
    expect_announced_once(page, "A s’arrête là.")
    page.reload()
    for model in (PETIT, GRAND):
        expect_state(page, model, "arrêté")


def test_an_answer_that_was_cut_says_why_then_and_after_a_reload(
    page: Page, upstream: Upstream, gate: threading.Event
) -> None:
    upstream.play(GRAND, answer("Il était ", gate, "une", finish_reason="length"))
    ask(page)
    expect(text(card(page, GRAND))).to_have_text("Il était")
    gate.set()
    sentence = "Réponse coupée : le modèle a atteint sa limite de longueur."
    expect_announced_once(page, f"{side_of(GRAND).upper()} a terminé. {sentence}")
    for _ in range(2):
        expect(card(page, GRAND).locator("[data-shortfall]")).to_have_text(sentence)
        expect(card(page, PETIT).locator("[data-shortfall]")).to_have_text("")
        page.reload()


def test_the_focus_goes_from_the_button_that_leaves_to_the_vote_that_comes(
    page: Page, upstream: Upstream, gate: threading.Event
) -> None:
    write_until(upstream, gate)
    ask(page)
    expect(text(card(page, PETIT))).to_have_text("Un début")
    page.get_by_role("button", name="Arrêter").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("A est meilleure")).to_be_focused()


def test_a_follow_up_is_announced_as_the_first_question_was(
    page: Page, upstream: Upstream, gate: threading.Event
) -> None:
    ask(page)
    expect_done(page)
    write_until(upstream, gate)
    ask_again(page)
    for side in "AB":
        expect_announced_once(page, f"{side} écrit…")
    gate.set()
    expect_announced_once(page, VOTE)
    assert announcements(page)[2:] == ["A a terminé.", "B a terminé.", VOTE]
