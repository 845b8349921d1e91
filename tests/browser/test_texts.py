"""Every text of a model stays in its card and reads in its own direction, while it comes and afterwards."""

import re
import threading
from typing import Literal, cast

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.duel_page import NOTE_SHIFTS, PHONE, ask, card, expect_done, moved, text
from tests.duels.conftest import GRAND, PETIT
from tests.upstream import Upstream, answer, burst, burst_text

pytestmark = pytest.mark.usefixtures("pair", "worker")

MAX_SHIFT = 0.02
ARABIC = "السماء زرقاء لأن الهواء يبعثر الضوء الأزرق أكثر من غيره."
HEBREW = "השמיים כחולים."
FRENCH = "Le ciel est bleu."
WIDE_CODE = "```python\nprint(" + "'mot', " * 40 + ")\n```"
WIDE_TABLE = f"|{'colonne|' * 12}\n|{'-|' * 12}\n|{'valeur|' * 12}"
LONG_WORD = "https://exemple.fr/" + "chemin" * 60

# Where the letters of a place lie between the edges of its answer: 0 on the left, 1 on the right.
ALIGNMENT = """place => {
  const range = document.createRange();
  range.selectNodeContents(place);
  const [letters, frame] = [range, place.closest("[data-text]")].map((box) => box.getBoundingClientRect());
  return (letters.left - frame.left) / (frame.width - letters.width);
}"""


def alignment(place: Locator) -> float:
    return cast(float, place.evaluate(ALIGNMENT))


def test_a_text_from_right_to_left_reads_so_from_its_first_word(
    page: Page, upstream: Upstream, gate: threading.Event
) -> None:
    upstream.play(PETIT, answer(ARABIC[:8], gate, ARABIC[8:], f"\n\n- {HEBREW}\n\n```python\nx = 1\n```"))
    ask(page, ARABIC)
    expect(page.locator(".turn-prompt")).to_have_css("direction", "rtl")
    written = text(card(page, PETIT))
    expect(written).to_have_text(ARABIC[:8].strip())
    assert alignment(written.locator("[data-raw] > div").first) == pytest.approx(1, abs=0.02)
    gate.set()
    expect_done(page)
    assert alignment(written.locator("p").first) > 0.9
    expect(written.locator("ul")).to_have_css("direction", "rtl")
    expect(written.locator("pre")).to_have_css("direction", "ltr")
    assert text(card(page, GRAND)).evaluate("text => getComputedStyle(text).direction") == "ltr"


def test_each_paragraph_reads_in_its_own_direction(
    page: Page, upstream: Upstream, gate: threading.Event
) -> None:
    upstream.play(PETIT, answer(f"{FRENCH}\n\n{HEBREW}", gate, f"\n\n{FRENCH}"))
    ask(page)
    written = text(card(page, PETIT))
    expect(written).to_contain_text(HEBREW)
    assert alignment(written.get_by_text(FRENCH).first) == pytest.approx(0, abs=0.02)
    assert alignment(written.get_by_text(HEBREW)) == pytest.approx(1, abs=0.02)
    gate.set()
    expect_done(page)
    assert alignment(written.get_by_text(FRENCH).first) == pytest.approx(0, abs=0.02)
    assert alignment(written.get_by_text(HEBREW)) == pytest.approx(1, abs=0.02)


def assert_in_its_card(page: Page) -> None:
    """No sideways scroll of the page, and no part of an answer beyond the edges of the card."""
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for written in page.locator("[data-text]").all():
        assert written.evaluate("text => text.scrollWidth - text.clientWidth") == 0


def test_long_words_wide_tables_and_code_stay_in_their_card(
    page: Page, upstream: Upstream, gate: threading.Event
) -> None:
    page.set_viewport_size(PHONE)
    for model in (PETIT, GRAND):
        upstream.play(model, answer(f"{LONG_WORD}\n\n{WIDE_TABLE}\n\n{WIDE_CODE}", gate, "\n\nFin."))
    ask(page)
    expect(text(card(page, PETIT))).to_contain_text("valeur")
    assert_in_its_card(page)
    gate.set()
    expect_done(page)
    assert_in_its_card(page)
    for part in ("pre", "table"):
        wide = text(card(page, PETIT)).locator(part)
        assert wide.evaluate("part => part.scrollWidth > part.clientWidth")
        wide.evaluate("part => part.scrollTo(50, 0)")
        assert wide.evaluate("part => part.scrollLeft") == 50


def test_a_very_long_answer_that_comes_at_once_is_whole(page: Page, upstream: Upstream) -> None:
    page.set_viewport_size(PHONE)
    upstream.play(PETIT, burst())
    ask(page)
    expect_done(page)
    expect(text(card(page, PETIT))).to_have_text(burst_text().strip())
    assert_in_its_card(page)


def test_that_a_model_thinks_is_seen_and_what_it_thought_is_folded_after_the_vote(
    page: Page, upstream: Upstream, gate: threading.Event
) -> None:
    thoughts = ["Le ciel, ", "c’est de l’air.\n", f"Donc {LONG_WORD}"]
    upstream.play(PETIT, answer(gate, "Il est bleu.", reasoning=thoughts))
    page.set_viewport_size(PHONE)
    ask(page)
    fold = card(page, PETIT).locator("details.reasoning")
    expect(card(page, PETIT).locator(".answer-state")).to_have_text(re.compile(r"réfléchit… [12]\ss"))
    expect(fold).to_be_hidden()
    gate.set()
    expect_done(page)
    expect(fold).to_be_hidden()
    page.locator("[name=choice]").first.check()
    page.locator("form#vote button.vote-submit").click()
    for _ in ("swapped in", "reloaded"):
        expect(fold.get_by_text("Le ciel")).to_be_hidden()
        fold.locator("summary").click()
        expect(fold.get_by_text("Le ciel, c’est de l’air.")).to_be_visible()
        expect(card(page, GRAND).locator("details.reasoning")).to_be_hidden()
        page.reload()
    expect(text(card(page, PETIT))).to_have_text("Il est bleu.")
    assert_in_its_card(page)


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_a_model_that_thinks_is_seen_to_breathe_unless_motion_is_unwelcome(
    page: Page, upstream: Upstream, gate: threading.Event, motion: Literal["no-preference", "reduce"]
) -> None:
    upstream.play(PETIT, answer(gate, "Il est bleu.", reasoning=["Voyons."]))
    page.emulate_media(reduced_motion=motion)
    ask(page)
    state = card(page, PETIT).locator(".answer-state")
    expect(state).to_have_text(re.compile("réfléchit…"))
    moving = state.evaluate("state => state.getAnimations({subtree: true}).length")
    assert moving == (motion == "no-preference")


def test_reasoning_that_only_its_end_reveals_leaves_the_answer(
    page: Page, upstream: Upstream, gate: threading.Event
) -> None:
    upstream.play(PETIT, answer("Je suis Petit et je cherche.\n\n", gate, "</think>\n\nParis est **belle**."))
    page.add_init_script(NOTE_SHIFTS)
    page.set_viewport_size(PHONE)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page)
    thinker = card(page, PETIT)
    expect(text(thinker)).to_have_text("Je suis Petit et je cherche.")
    gate.set()
    expect_done(page)
    assert sum(moved(page).values()) <= MAX_SHIFT, moved(page)
    for _ in ("live", "reloaded"):
        expect(text(thinker)).to_have_text("Paris est belle.")
        expect(text(thinker).locator("strong")).to_have_text("belle")
        expect(page.locator("main")).not_to_contain_text("je cherche")
        thinker.locator("footer").get_by_role("button", name="Copier").click()
        expect(thinker.get_by_role("button", name="Copié")).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == "Paris est **belle**."
        page.reload()
    page.locator("[name=choice]").first.check()
    page.locator("form#vote button.vote-submit").click()
    thinker.locator("details.reasoning summary").click()
    expect(thinker.get_by_text("Je suis Petit et je cherche.")).to_be_visible()


@pytest.mark.parametrize("reloaded", [False, True])
def test_a_text_is_copied_as_the_model_wrote_it(page: Page, upstream: Upstream, reloaded: bool) -> None:
    written = "  - un\n\n\n\tdeux & <trois>\n\n    quatre\n"
    upstream.play(PETIT, answer(*written))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page)
    expect_done(page)
    if reloaded:
        page.reload()
    card(page, PETIT).locator("footer").get_by_role("button", name="Copier").click()
    expect(card(page, PETIT).get_by_role("button", name="Copié")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == written
