"""A recorded duel is played again at its pace on the site; it shows at once to who asks for that."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from duels.models import Answer
from duels.queries import load_answers
from recordings.importing import import_pack
from recordings.models import Recording
from recordings.recorder import make_pack, record_duel
from tests import cast

SLOW = [[300, 4], [60_000, 40]]  # milliseconds, characters: nobody waits for its end


@pytest.fixture
def recording(web: str) -> Recording:
    duel = cast.make_duel(cast.petit_3b(), cast.grand_70b())
    Answer.objects.filter(turn__duel=duel).update(pace=SLOW)
    import_pack(make_pack([record_duel(load_answers(duel))], "Le ciel", "Une classe"))
    return Recording.objects.get()


def play(page: Page, recording: Recording) -> None:
    page.goto(recording.get_absolute_url())
    page.get_by_role("button", name="Rejouer ce duel").click()
    page.wait_for_url("**/duels/*/")


def text_of_a(page: Page) -> Any:
    return page.locator(".answer.side-a [data-text]")


def test_the_texts_come_at_their_pace_then_at_once_and_the_vote_with_them(
    page: Page, recording: Recording
) -> None:
    play(page, recording)
    expect(text_of_a(page)).to_have_attribute("aria-busy", "true")
    assert len(text_of_a(page).inner_text()) < len(cast.ANSWERS[0])
    expect(page.locator(".answer.side-a .answer-state")).to_have_text("écrit…")
    expect(page.locator("#vote")).to_be_hidden()
    page.get_by_role("button", name="Tout montrer").press("Enter")
    expect(text_of_a(page)).to_have_text(cast.ANSWERS[0])
    expect(page.locator(".answer.side-a .answer-state")).to_have_text("terminé")
    expect(page.locator("#vote [name=choice]").first).to_be_focused()
    expect(page.get_by_role("button", name="Tout montrer")).to_be_hidden()
    page.reload()
    expect(text_of_a(page)).to_have_text(cast.ANSWERS[0])
    expect(page.locator("#vote")).to_be_visible()


def test_a_reader_who_wants_no_motion_reads_at_once(browser: Browser, web: str, recording: Recording) -> None:
    with browser.new_context(base_url=web, locale="fr-FR", reduced_motion="reduce") as context:
        page = context.new_page()
        play(page, recording)
        expect(text_of_a(page)).to_have_text(cast.ANSWERS[0])
        expect(page.locator("#vote")).to_be_visible()


def test_without_scripts_both_answers_are_there(browser: Browser, web: str, recording: Recording) -> None:
    with browser.new_context(base_url=web, locale="fr-FR", java_script_enabled=False) as context:
        page = context.new_page()
        play(page, recording)
        expect(text_of_a(page)).to_have_text(cast.ANSWERS[0])
        expect(page.locator("#vote")).to_be_visible()
