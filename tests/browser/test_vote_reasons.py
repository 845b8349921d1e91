"""The reasons of curators in the panel of the vote: whatever they write, and whenever they write it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from duels.curated_words import MAX_REASON_CHARACTERS, VoteReason
from duels.models import VoteComment
from tests.browser.duel_page import PHONE, ask, expect_done

pytestmark = pytest.mark.usefixtures("pair", "worker")


@pytest.fixture(autouse=True)
def as_seeded(transactional_db: None) -> Iterator[None]:
    """Gives the next test the reasons that this one found: their table outlives a test."""
    before = list(VoteReason.objects.all())
    yield
    VoteReason.objects.all().delete()
    VoteReason.objects.bulk_create(before)


def open_the_why(page: Page) -> None:
    """Asks, takes a side, and opens « Dire pourquoi »."""
    ask(page)
    expect_done(page)
    page.get_by_label("A est meilleure").check()
    page.get_by_text("Dire pourquoi").click()


def test_a_label_of_one_long_word_stays_in_the_panel(page: Page) -> None:
    page.set_viewport_size(PHONE)
    VoteReason.objects.create(code="long", is_positive=True, label_fr="m" * MAX_REASON_CHARACTERS)
    open_the_why(page)
    chip = page.locator(".vote-comment.side-a .chip-check", has_text="mmm")
    expect(chip).to_be_visible()
    assert chip.evaluate("chip => chip.scrollWidth <= chip.parentElement.clientWidth")


def test_a_reason_that_is_disabled_while_the_page_is_open_is_sent_with_the_vote(page: Page) -> None:
    open_the_why(page)
    VoteReason.objects.filter(code="clear").update(is_enabled=False)
    page.locator(".vote-comment.side-b").get_by_label("claire").check()
    page.get_by_role("button", name="Découvrir").click()
    expect(page.locator("#reveal")).to_be_visible()
    assert [comment.reasons for comment in VoteComment.objects.all()] == [["clear"]]
