"""Hundreds of hostile texts on real pages, in Chromium, under the policy that forbids foreign scripts."""

import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from duels.models import Answer, Duel, LanguageModel, Vote
from tests import cast
from tests.duels.conftest import GRAND, PETIT
from tests.hostile.corpus import SCRIPTS, corpus
from tests.upstream import Upstream, answer

TURNS = 10
DUELS = 15
STREAMED = 200
# The only drawing in an answer is our own, on the button that copies its code.
FOREIGN = "script, iframe, img, svg:not(.code-copy > svg), object, embed, style, form, [onerror], [onload]"
WITH_ADDRESS = (
    ("/", "prompt"),
    ("/", "mode"),
    ("/modeles/", "words"),
    ("/classement/", "words"),
    ("/comprendre/quiz/", "choices"),
)


@pytest.fixture
def watched(page: Page) -> Iterator[Page]:
    """A page that fails its test on a dialog, as any page of the tests does on a breach of the policy."""
    dialogs: list[str] = []

    def note(dialog: object) -> None:
        dialogs.append(str(dialog))
        dialog.dismiss()  # type: ignore[attr-defined]

    page.on("dialog", note)
    yield page
    assert dialogs == []


def assert_nothing_ran(page: Page) -> None:
    assert page.evaluate("window.__pwned") is None
    for card in page.locator("[data-text], .turn-prompt").all():
        assert card.locator(FOREIGN).count() == 0


def hostile_duel(visitor: str, texts: list[str]) -> Duel:
    """Ten turns whose questions and answers are these texts."""
    petit, grand = (LanguageModel.objects.get(slug=slug) for slug in (PETIT, GRAND))
    clean = [text.replace("\x00", "") for text in texts]  # no database keeps a NUL
    duel = Duel.objects.create(visitor=visitor)
    for place in range(0, 3 * TURNS, 3):
        cast.add_turn(duel, petit, grand, prompt=clean[place], texts=clean[place + 1 : place + 3])
    return duel


@pytest.mark.usefixtures("pair")
def test_hundreds_of_texts_on_the_pages_of_duels_run_nothing(watched: Page, web: str) -> None:
    visitor = cast.visitor_at(watched, web)
    texts = corpus()
    for start in range(0, DUELS * 3 * TURNS, 3 * TURNS):
        duel = hostile_duel(visitor, texts[start : start + 3 * TURNS])
        watched.goto(duel.get_absolute_url())
        expect(watched.locator("[data-text]")).to_have_count(2 * TURNS)
        assert_nothing_ran(watched)
    cast.vote(duel, Vote.Choice.A)
    watched.reload()
    assert_nothing_ran(watched)
    watched.goto("/duels/")
    assert_nothing_ran(watched)


@pytest.mark.usefixtures("pair", "worker")
def test_hundreds_of_texts_run_nothing_while_they_are_streamed(watched: Page, upstream: Upstream) -> None:
    texts = "\n\n".join(corpus()[:STREAMED])
    pieces = [texts[place : place + 40] for place in range(0, len(texts), 40)]
    for model in (PETIT, GRAND):
        upstream.play(model, answer(*pieces))
    watched.goto("/")
    watched.locator("[data-prompt]").fill(SCRIPTS[0])
    watched.keyboard.press("Enter")
    watched.wait_for_url(re.compile("/duels/[^/]{22}/"))
    expect(watched.locator("[data-side][data-state=done]")).to_have_count(2, timeout=30_000)
    assert_nothing_ran(watched)
    assert Answer.objects.filter(state=Answer.State.DONE).count() == 2


@pytest.mark.usefixtures("pair")
@pytest.mark.parametrize(("path", "field"), WITH_ADDRESS)
def test_an_address_runs_nothing(watched: Page, path: str, field: str) -> None:
    for script in SCRIPTS[::4]:
        watched.goto(f"{path}?{urlencode({field: script})}")
        assert watched.evaluate("window.__pwned") is None
