import pytest
from tests.browser.duel_page import ask, expect_done
from tests import cast
from tests.duels.reveal.stage import played
pytestmark = pytest.mark.usefixtures("pair", "worker")
FOCUS = "(() => { const e = document.activeElement; return e.tagName + '.' + e.className + ' ' + (e.closest('[id]') || {}).id + ' ' + (e.closest('footer,header,main')||{}).tagName })()"

def test_tab(page, web):
    for w in (1366, 360):
        page.set_viewport_size({"width": w, "height": 740})
        ask(page)
        print(w, "before", page.evaluate(FOCUS), page.url)
        expect_done(page)
        page.keyboard.press("Tab")
        print(w, "tab1", page.evaluate(FOCUS))
        page.screenshot(path=f"/tmp/shots/tabs-{w}.png")

@pytest.mark.skip
def test_reveal(page, web):
    visitor = cast.visitor_at(page, web)
    duel = played(cast.grand_70b(), cast.matriochka_8b(), reasoning=(900, 0), visitor=visitor)
    cast.vote(duel)
    for w, h in ((360, 740), (1366, 768)):
        page.set_viewport_size({"width": w, "height": h})
        page.goto(duel.get_absolute_url())
        page.wait_for_timeout(2200)
        page.screenshot(path=f"/tmp/shots/reveal-{w}.png", full_page=True)
