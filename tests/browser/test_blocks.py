"""An answer reads as HTML block by block while it is written; what is still being written shows no marks."""

import re
import threading

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.duel_page import NOTE_SHIFTS, PHONE, WIDE, ask, card, expect_done, moved, text
from tests.duels.conftest import GRAND, PETIT
from tests.upstream import Upstream, answer, dies_after

pytestmark = pytest.mark.usefixtures("pair", "worker")

MAX_SHIFT = 0.02
BEGINNING = "## Le **ciel**\n\n- `un`\n- *deux*\n\n|a|b|\n|-|-|\n|1|2|\n\n> Il est **bl"
END = "eu** la `nuit`.\n\n```python\nx = 1\n```\n\n\\[\nx^2\n\\]\n\nFin."
NOTE_MARKS = """text => {
  window.marks = [];
  const note = () => marks.push(...(text.textContent.match(/\\*|`|\\||^#|^>/gm) ?? []));
  new MutationObserver(note).observe(text, { childList: true, characterData: true, subtree: true });
}"""


@pytest.mark.parametrize("screen", [WIDE, PHONE], ids=["wide", "phone"])
def test_finished_blocks_are_formatted_and_no_mark_shows(
    page: Page, upstream: Upstream, gate: threading.Event, screen: ViewportSize
) -> None:
    page.add_init_script(NOTE_SHIFTS)
    page.set_viewport_size(screen)
    begin = threading.Event()
    for model in (PETIT, GRAND):
        upstream.play(model, answer(begin, *BEGINNING, gate, *END, delay_seconds=0.005))
    ask(page)
    written = text(card(page, PETIT))
    written.evaluate(NOTE_MARKS)
    begin.set()
    expect(written.locator("[data-raw]")).to_have_text("Il est bl")
    expect(written.locator("h4 strong")).to_have_text("ciel")
    expect(written.locator("li")).to_have_text(["un", "deux"])
    expect(written.locator("td")).to_have_text(["1", "2"])
    gate.set()
    expect_done(page)
    expect(written.locator("blockquote strong")).to_have_text("bleu")
    expect(written.locator("math")).to_have_count(1)
    expect(written.locator("[data-raw]")).to_have_count(0)
    expect(written.get_by_role("button", name="Copier")).to_have_count(1)
    assert page.evaluate("marks") == []
    assert sum(moved(page).values()) <= MAX_SHIFT, moved(page)
    streamed = written.evaluate("text => text.innerText")
    page.reload()
    assert text(card(page, PETIT)).evaluate("text => text.innerText") == streamed


def test_a_fence_shows_no_mark_while_it_is_typed(
    page: Page, upstream: Upstream, gate: threading.Event
) -> None:
    closing = threading.Event()
    for model in (PETIT, GRAND):
        upstream.play(model, answer("Voici :\n\n`", closing, "``\nx = 1\n``", gate, "`\n\nFin."))
    ask(page)
    written = text(card(page, PETIT))
    expect(written).to_have_text("Voici :")
    closing.set()
    expect(written).to_have_text(re.compile(r"^\s*Voici :\s*x = 1\s*$"))
    gate.set()
    expect_done(page)
    expect(written.locator("pre")).to_have_text("x = 1")


def test_an_answer_that_is_interrupted_is_formatted(page: Page, upstream: Upstream) -> None:
    upstream.play(PETIT, dies_after("## Titre\n\n", "Il **était**\n\nune `fois`", delay_seconds=0.05))
    ask(page)
    interrupted = card(page, PETIT)
    expect(interrupted).to_have_attribute("data-state", "failed")
    expect(text(interrupted).locator("strong")).to_have_text("était")
    expect(text(interrupted).locator("p code")).to_have_text("fois")
    expect(text(interrupted).locator("[data-raw]")).to_have_count(0)


def test_blocks_that_are_sent_again_are_not_doubled(
    page: Page, upstream: Upstream, gate: threading.Event
) -> None:
    for model in (PETIT, GRAND):
        upstream.play(model, answer(BEGINNING, gate, END))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page)
    written = text(card(page, PETIT))
    expect(written.locator("[data-raw]")).to_have_text("Il est bl")
    page.evaluate("dispatchEvent(new Event('online'))")  # a new connection begins at the start
    gate.set()
    expect_done(page)
    expect(written.locator("h4")).to_have_count(1)
    expect(written.locator("td")).to_have_count(2)
    card(page, PETIT).locator("footer").get_by_role("button", name="Copier").click()
    expect(card(page, PETIT).locator("footer").get_by_role("button", name="Copié")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == BEGINNING + END
