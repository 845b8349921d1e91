"""A duel as it is played in a browser: asked, stopped, failed, followed up, voted on, revealed."""

import re
import threading

import pytest
from playwright.sync_api import Page, expect

from duels.models import Vote
from tests.browser.duel_page import DUEL_PAGE, ask, ask_again, card, choose, expect_done, text, write_until
from tests.duels.conftest import GRAND, PETIT
from tests.upstream import Upstream, answer, refuses

pytestmark = pytest.mark.usefixtures("pair", "worker")

MARKDOWN = "## Titre\n\n|a|b|\n|-|-|\n|1|2|\n\n```python\nx = 1\n```\n\nFin."
HOSTILE = (
    "<script>window.__pwned = 1</script><img src=x onerror='window.__pwned = 2'>"
    "<svg onload='window.__pwned = 3'></svg>[lien](javascript:window.__pwned=4)\n\n"
    "```html\n<script>window.__pwned = 5</script>\n```\n"
)


def tab_to(page: Page, selector: str) -> None:
    """Presses Tab until the focus is on the element."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}")


def test_a_duel_is_played_by_keyboard_alone(page: Page, upstream: Upstream, gate: threading.Event) -> None:
    upstream.play(PETIT, answer("Le ciel ", gate, "est bleu."))
    page.goto("/")
    page.keyboard.type("Pourquoi ?")  # the question box has the focus
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("Et la nuit ?")
    page.keyboard.press("Enter")
    page.wait_for_url(DUEL_PAGE)
    expect(page.locator(".turn-prompt")).to_have_text("Pourquoi ?\nEt la nuit ?")
    expect(text(card(page, PETIT))).to_have_text("Le ciel ")
    expect(card(page, PETIT)).to_have_attribute("data-state", "streaming")
    gate.set()
    expect(text(card(page, PETIT))).to_have_text("Le ciel est bleu.")
    expect(text(card(page, GRAND))).to_have_text("Je suis long.")
    expect(page.locator("form#vote")).to_be_visible()
    tab_to(page, "input[name=choice]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    tab_to(page, "form#vote button")
    page.keyboard.press("Enter")
    expect(page.locator("#reveal")).to_be_focused()
    assert Vote.objects.get().choice == Vote.Choice.values[1]
    for name in ("Petit-3B", "Grand-70B"):
        expect(page.locator(".moment-name", has_text=name)).to_be_visible()


@pytest.fixture
def feet(page: Page) -> list[str]:
    """The feet that the page asks for."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/next/") else None)
    return asked


def test_the_vote_is_there_when_both_have_ended_and_is_not_asked_for(
    page: Page, upstream: Upstream, gate: threading.Event, feet: list[str]
) -> None:
    write_until(upstream, gate)
    for ask_something in (ask, ask_again):
        gate.clear()
        ask_something(page)
        for model in (PETIT, GRAND):
            expect(text(card(page, model))).to_have_text("Un début")
        gate.set()
        expect_done(page)
    assert not feet


def test_a_script_that_does_not_come_delays_the_vote_and_no_more(
    page: Page, upstream: Upstream, gate: threading.Event, feet: list[str]
) -> None:
    page.route(re.compile(r"/next-step\.\w+\.js$"), lambda route: route.abort())
    write_until(upstream, gate)
    ask(page)
    expect(text(card(page, PETIT))).to_have_text("Un début")
    gate.set()
    expect_done(page)
    assert len(feet) == 1


def test_two_sides_stopped_before_their_first_word_have_nothing_to_vote_on(
    page: Page, upstream: Upstream, gate: threading.Event, feet: list[str]
) -> None:
    for model in (PETIT, GRAND):
        upstream.play(model, answer(gate, "trop tard"))
    ask(page)
    page.get_by_role("button", name="Arrêter").click()
    expect(page.get_by_role("link", name="Commencer un autre duel")).to_be_visible()
    expect(page.locator("form#vote")).to_have_count(0)
    assert len(feet) == 1


def test_the_reveal_after_a_reload_is_the_reveal_of_the_vote(page: Page) -> None:
    ask(page)
    expect_done(page)
    choose(page, Vote.Choice.BOTH_GOOD)
    page.locator("form#vote button.vote-submit").click()
    next_step = page.locator("#next-step")
    expect(page.locator("#reveal")).to_be_visible()
    shown = next_step.inner_text()
    page.reload()
    assert next_step.inner_text() == shown


def test_a_follow_up_keeps_the_first_answers(page: Page, upstream: Upstream) -> None:
    ask(page)
    expect_done(page)
    upstream.play(PETIT, answer("La nuit, il est noir."))
    ask_again(page, "Et la nuit ?")
    expect_done(page)
    expect(text(card(page, PETIT))).to_have_text("La nuit, il est noir.")
    expect(page.locator("#turn-1 [data-text]").filter(has_text="Je suis bref.")).to_have_count(1)


def test_a_stop_keeps_what_was_written_and_opens_the_vote(
    page: Page, upstream: Upstream, gate: threading.Event
) -> None:
    for model in (PETIT, GRAND):
        upstream.play(model, answer("Il était une fois", gate, " la fin."))
    ask(page)
    for model in (PETIT, GRAND):
        expect(text(card(page, model))).to_have_text("Il était une fois")
    page.get_by_role("button", name="Arrêter").click()
    assert upstream.wait_until(lambda upstream: upstream.active == 0)
    expect_done(page)
    for model in (PETIT, GRAND):
        expect(text(card(page, model))).to_have_text("Il était une fois")


def test_a_failed_side_says_so_and_is_tried_again(page: Page, upstream: Upstream) -> None:
    upstream.play(PETIT, refuses(500))
    ask(page)
    expect(page.locator("[data-state=failed] [data-shortfall]")).to_have_text(
        "Ce modèle ne répond pas pour le moment."
    )
    upstream.play(PETIT, answer("Me revoilà."))
    page.get_by_role("button", name="Relancer la réponse").click()
    expect_done(page)
    expect(text(card(page, PETIT))).to_have_text("Me revoilà.")


def test_a_finished_answer_is_formatted_and_can_be_copied(page: Page, upstream: Upstream) -> None:
    upstream.play(PETIT, answer(*re.split("(?<=\n)", MARKDOWN), delay_seconds=0.01))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page)
    expect_done(page)
    written = card(page, PETIT)
    expect(text(written).locator("table td")).to_have_text(["1", "2"])
    expect(text(written).locator("h4")).to_have_text("Titre")
    written.locator("footer").get_by_role("button", name="Copier").click()
    expect(written.get_by_role("button", name="Copié")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == MARKDOWN
    text(written).get_by_role("button", name="Copier").click()
    expect(text(written).get_by_role("button", name="Copié")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").strip() == "x = 1"


@pytest.mark.parametrize("reloaded", [False, True])
def test_a_hostile_answer_does_not_run(page: Page, upstream: Upstream, reloaded: bool) -> None:
    upstream.play(PETIT, answer(*[HOSTILE[place : place + 7] for place in range(0, len(HOSTILE), 7)]))
    ask(page)
    expect_done(page)
    if reloaded:
        page.reload()
    expect(text(card(page, PETIT))).to_contain_text("<script>window.__pwned = 1</script>")
    assert page.evaluate("window.__pwned") is None
    assert text(card(page, PETIT)).locator("script, img, svg:not(.icon), a, [onerror], [onload]").count() == 0


@pytest.mark.parametrize("width", [360, 320])
def test_a_phone_never_scrolls_sideways(page: Page, upstream: Upstream, width: int) -> None:
    wide = f"{'x' * 300} {MARKDOWN}\n\n|{'colonne|' * 12}\n|{'-|' * 12}\n\n    {'code ' * 60}"
    for model in (PETIT, GRAND):
        upstream.play(model, answer("x" * 300, wide, delay_seconds=0.05))
    page.set_viewport_size({"width": width, "height": 740})
    page.goto("/")
    assert_no_sideways_scroll(page)
    ask(page, "y" * 300)
    assert_no_sideways_scroll(page)
    expect_done(page)
    assert_no_sideways_scroll(page)
    choose(page, Vote.Choice.BOTH_BAD)
    assert_no_sideways_scroll(page)
    page.locator("form#vote summary").click()
    assert_no_sideways_scroll(page)
    page.locator("form#vote button.vote-submit").click()
    expect(page.locator("#reveal")).to_be_visible()
    assert_no_sideways_scroll(page)
    page.goto("/duels/")
    assert_no_sideways_scroll(page)


def assert_no_sideways_scroll(page: Page) -> None:
    page.evaluate("scrollTo(9999, scrollY)")
    assert page.evaluate("scrollX") == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth")
