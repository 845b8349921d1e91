"""A browser that translates the page while answers are written: they go on, and are copied whole."""

import threading

import pytest
from playwright.sync_api import Page, expect

from tests.browser.duel_page import ask, card, expect_done, text
from tests.duels.conftest import GRAND, PETIT
from tests.upstream import Upstream, answer

pytestmark = pytest.mark.usefixtures("pair", "worker")

# What Chrome and Edge do to each text node that they translate, here to every one of the page.
TRANSLATE = """
window.translate = (root) => {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  for (const node of nodes.filter(({ data }) => data.trim())) {
    const outer = document.createElement("font");
    const inner = document.createElement("font");
    inner.append(`«${node.data}»`);
    outer.append(inner);
    node.replaceWith(outer);
  }
};
"""
SLOW_END = [" qui finit\net la suite", "\n\nMot ", "à ", "mot, ", "jusqu’à ", "la **fin**."]
REPLACEMENTS = {
    "each text": "text => translate(text)",
    "each line": "text => text.replaceChildren(...[...text.children].map((line) => {"
    " const font = document.createElement('font'); font.append(...line.childNodes); return font; }))",
    "the whole": "text => { const font = document.createElement('font');"
    " font.append(...text.childNodes); text.append(font); }",
    "each word": "text => { for (const line of text.querySelectorAll('div'))"
    " line.replaceChildren(...line.textContent.split(/( )/).map((word) => {"
    " const span = document.createElement('span'); span.append(word); return span; })); }",
    "nothing left": "text => text.replaceChildren()",
    "one text": "text => text.replaceChildren('traduit')",
}


@pytest.mark.parametrize("replacement", REPLACEMENTS)
def test_an_answer_whose_nodes_were_replaced_goes_on_and_is_copied_whole(
    page: Page, upstream: Upstream, gate: threading.Event, replacement: str
) -> None:
    page.add_init_script(TRANSLATE)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    upstream.play(PETIT, answer("Une ligne\nune autre", gate, *SLOW_END, delay_seconds=0.3))
    ask(page)
    written = card(page, PETIT)
    expect(text(written)).to_contain_text("une autre")
    text(written).evaluate(REPLACEMENTS[replacement])
    gate.set()
    expect(text(written)).to_contain_text("et la suite")
    text(written).evaluate(REPLACEMENTS[replacement])
    expect_done(page)
    expect(text(written).locator("strong")).to_have_text("fin")
    written.locator("footer").get_by_role("button", name="Copier").click()
    whole = "".join(["Une ligne\nune autre", *SLOW_END])
    assert page.evaluate("navigator.clipboard.readText()") == whole
    assert text(written).inner_text().count("Mot à mot") == 1


def test_the_whole_page_may_be_translated_at_any_moment(
    page: Page, upstream: Upstream, gate: threading.Event
) -> None:
    page.add_init_script(TRANSLATE)
    upstream.play(PETIT, answer("Le ciel ", gate, "est bleu.", reasoning=["Voyons."]))
    ask(page)
    expect(text(card(page, PETIT))).to_have_text("Le ciel ")
    page.evaluate("translate(document.body)")
    gate.set()
    expect_done(page)
    page.evaluate("translate(document.body)")
    page.locator("[name=choice]").first.check()
    page.locator("form#vote button.vote-submit").click()
    expect(page.locator("#reveal")).to_be_visible()


def test_what_is_being_written_is_not_to_be_translated_until_it_ends(
    page: Page, upstream: Upstream, gate: threading.Event
) -> None:
    upstream.play(PETIT, answer("Le ciel ", gate, "est bleu.", reasoning=["Voyons."]))
    ask(page)
    expect(text(card(page, GRAND))).to_have_text("Je suis long.")
    written = text(card(page, PETIT))
    expect(written).to_have_text("Le ciel ")
    expect(written).to_have_attribute("translate", "no")
    gate.set()
    expect_done(page)
    for _ in ("live", "reloaded"):
        expect(page.locator("main [data-text]")).to_have_count(2)
        expect(page.locator("main [data-text][translate=no]")).to_have_count(0)
        page.reload()
