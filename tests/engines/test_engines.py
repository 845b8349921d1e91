"""The whole way of a duel, and one page of each kind, in Firefox and in WebKit."""

import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from duels.models import Answer, Vote
from duels.queries import load_answers
from models_registry.models import LanguageModel
from recordings.importing import import_pack
from recordings.models import Recording
from recordings.recorder import make_pack, record_duel
from tests import cast
from tests.duels.conftest import GRAND, PETIT
from tests.engines.engine import ENTER, SHIFT, WIDE, Engine
from tests.engines.firefox import Firefox
from tests.services import proxy
from tests.services.proxy import Proxy
from tests.upstream import Upstream, answer

pytestmark = pytest.mark.usefixtures("pair", "worker")

TABS = 7
PHONE = (360, 740)
FORMULA = "## L’énergie\n\nOn écrit \\(E = \\frac{1}{2} m v^2\\), et H<sub>2</sub>O.\n\n- un\n- deux\n"
TEXTS = "[...document.querySelectorAll('[data-text]')].map((text) => text.textContent)"
ALL_DONE = "[...document.querySelectorAll('[data-side]')].every(({ dataset }) => dataset.state === 'done')"
TRANSLATE = """[...document.querySelectorAll("[data-text]")].map((text) => {
  text.innerHTML = "<font><font>A start</font></font>";
})"""
# Whether each numerator is drawn above its denominator.
FRACTIONS = """[...document.querySelectorAll("[data-text] mfrac")].map(({ children }) => {
  const [numerator, denominator] = [...children].map((part) => part.getBoundingClientRect());
  return numerator.height > 0 && numerator.bottom <= denominator.top;
})"""
IS_STYLED = "getComputedStyle(document.documentElement).getPropertyValue('--ink') !== ''"
HEADINGS = "document.querySelectorAll('h1').length"
# Before its script has come, Enter breaks the line.
SENDS_WITH_ENTER = "document.querySelector('[data-prompt]').enterKeyHint === 'send'"
ON_A_DUEL = "location.pathname.length > 20 && document.readyState === 'complete'"
# The tab that is marked, where the answer that lies aside is the other one.
SHOWN = """(() => {
  const [marked, ...others] = [...document.querySelectorAll(".switch [aria-current]")].map((tab) => tab.hash);
  const aside = document.querySelectorAll(".answer[data-aside]");
  return !others.length && aside.length === 1 && `#${aside[0].id}` !== marked && marked?.at(-1);
})()"""
HAS_ROOM = "document.documentElement.scrollWidth <= innerWidth"


def ask(engine: Engine, web: str, prompt: str = "Bonjour") -> None:
    engine.open(f"{web}/")
    engine.wait_for(SENDS_WITH_ENTER)
    engine.click("[data-prompt]")
    engine.press(*prompt)
    engine.press(ENTER)
    engine.wait_for(ON_A_DUEL)


def expect_vote(engine: Engine) -> None:
    engine.wait_for(ALL_DONE)
    engine.wait_for("document.querySelector('form#vote')?.offsetHeight > 0")


def vote(engine: Engine) -> None:
    engine.click("#vote [name=choice]")
    engine.wait_for("document.querySelector('#vote [name=choice]').checked")
    engine.click("#vote .vote-submit")
    engine.wait_for("document.querySelector('#reveal')?.offsetHeight > 0")


def test_a_duel_is_played_from_the_question_to_the_reveal(
    engine: Engine, web: str, upstream: Upstream, gate: threading.Event
) -> None:
    for model in (PETIT, GRAND):
        upstream.play(model, answer("Un début.\n\n", gate, FORMULA, reasoning=["Voyons."]))
    engine.open(f"{web}/")
    engine.wait_for(SENDS_WITH_ENTER)
    engine.click("[data-prompt]")
    engine.press(*"Quoi ?")
    engine.press(ENTER, held=SHIFT)
    engine.press(*"Et ")
    engine.press(*"toi ?")
    engine.press(ENTER)
    engine.wait_for(ON_A_DUEL)
    assert engine.evaluate("document.querySelector('.turn-prompt').textContent") == "Quoi ?\nEt toi ?"
    engine.wait_for(f"{TEXTS}.every((text) => text.includes('Un début.'))")
    assert not engine.evaluate(ALL_DONE)
    gate.set()
    expect_vote(engine)
    assert engine.evaluate(FRACTIONS) == [True, True]
    assert engine.evaluate("document.querySelectorAll('[data-text] h4, [data-text] li').length") == 6
    vote(engine)
    assert Vote.objects.get().choice == Vote.Choice.values[0]
    shown = engine.evaluate("document.querySelector('#next-step').innerText")
    assert "Petit-3B" in shown
    assert "Grand-70B" in shown
    engine.open(engine.evaluate("location.href"))
    assert engine.wait_for("document.querySelector('#next-step')?.innerText") == shown
    assert engine.evaluate(FRACTIONS) == [True, True]
    engine.click("#equivalents summary")
    engine.click("#electricity-FRA")
    engine.wait_for("document.querySelector('#electricity-FRA[aria-current]')?.offsetHeight > 0")
    engine.wait_for_text("#equivalents table", "CO₂e")
    assert engine.evaluate("location.search") == "?electricity=FRA"


def test_a_text_that_is_translated_while_it_is_written_goes_on(
    engine: Engine, web: str, upstream: Upstream, gate: threading.Event
) -> None:
    for model in (PETIT, GRAND):
        upstream.play(model, answer("Un début", gate, " et une fin."))
    ask(engine, web)
    engine.wait_for(f"{TEXTS}.every((text) => text.includes('Un début'))")
    engine.evaluate(
        "document.querySelectorAll('[data-text]').forEach((text) => (text.innerHTML = '<font>x</font>'))"
    )
    gate.set()
    expect_vote(engine)
    assert engine.evaluate(f"{TEXTS}.map((text) => text.trim())") == ["Un début et une fin."] * 2


@pytest.mark.parametrize("treatment", [proxy.cut, proxy.mute], ids=["cut", "mute"])
def test_behind_a_proxy_that_lets_no_stream_through_a_duel_is_read_and_voted_on(
    engine: Engine, web: str, upstream: Upstream, treatment: proxy.Treatment
) -> None:
    for model in (PETIT, GRAND):
        upstream.play(model, answer("Un début", " et une **fin**."))
    with Proxy(web, treatment) as behind:
        ask(engine, behind.url)
        expect_vote(engine)
        assert engine.evaluate(f"{TEXTS}.map((text) => text.trim())") == ["Un début et une fin."] * 2
        vote(engine)


def test_the_seventh_tab_opens_and_the_first_catches_up_when_it_is_shown(
    firefox: Firefox, web: str, upstream: Upstream, gate: threading.Event
) -> None:
    for model in (PETIT, GRAND):
        upstream.play(model, answer("Un début", gate, " et une fin."))
    ask(firefox, web)
    first = firefox.tab
    for _ in range(TABS - 1):
        firefox.open_tab()
        ask(firefox, web)
        firefox.wait_for(f"{TEXTS}.every((text) => text.includes('Un début'))")
    gate.set()
    expect_vote(firefox)
    firefox.show_tab(first)
    expect_vote(firefox)
    assert firefox.evaluate(f"{TEXTS}.map((text) => text.trim())") == ["Un début et une fin."] * 2


@pytest.fixture
def phone(engine: Engine) -> Iterator[Engine]:
    """The engine with a window as wide as a phone; afterwards it is wide again."""
    engine.resize(*PHONE)
    yield engine
    engine.resize(*WIDE)


def test_on_a_phone_the_two_answers_are_tabs_that_one_swipes(
    phone: Engine, web: str, upstream: Upstream
) -> None:
    for model in (PETIT, GRAND):
        upstream.play(model, answer("Un paragraphe.\n\n" * 40))
    ask(phone, web)
    expect_vote(phone)
    assert phone.evaluate("innerWidth <= 500")
    phone.evaluate("document.querySelector('.switch').scrollIntoView()")
    for side, place in (("b", 9999), ("a", 0)):
        phone.evaluate(f"document.querySelector('.turn > .answers').scrollTo({place}, 0)")
        phone.wait_for(f"{SHOWN} === '{side}'")
    for side in "ba":
        phone.click(f".switch .side-{side}")
        phone.wait_for(f"{SHOWN} === '{side}'")
    assert phone.evaluate(HAS_ROOM)


def test_a_recorded_duel_is_played_at_its_pace_until_all_is_asked_for(engine: Engine, web: str) -> None:
    duel = cast.make_duel(*(LanguageModel.objects.get(slug=slug) for slug in (PETIT, GRAND)))
    Answer.objects.filter(turn__duel=duel).update(pace=[[300, 4], [60_000, 40]])
    import_pack(make_pack([record_duel(load_answers(duel))], "Le ciel", "Une classe"))
    engine.open(web + Recording.objects.get().get_absolute_url())
    engine.click("main form .button-main")
    engine.wait_for("document.querySelector('[data-text]')?.getAttribute('aria-busy') === 'true'")
    assert engine.evaluate("document.querySelector('form#vote').offsetHeight") == 0
    engine.click("[data-show-all]")
    expect_vote(engine)
    assert [text.strip() for text in engine.evaluate(TEXTS)] == list(cast.ANSWERS)


PATHS = (
    "/",
    "/duels/",
    "/modeles/",
    "/modeles/petit-3b/",
    "/classement/",
    "/classement/duels/",
    "/comprendre/",
    "/comprendre/taille/",
    "/comprendre/jetons/",
    "/comprendre/architecture/",
    "/comprendre/simulateur/",
    "/comprendre/methode/",
    "/comprendre/quiz/",
    "/comprendre/glossaire/",
    "/a-propos/",
    "/donnees-personnelles/",
    "/accessibilite/",
    "/ecoconception/",
    "/mentions-legales/",
    "/admin/login/",
    "/nulle-part/",
)


def test_one_page_of_each_kind_opens_whole(engine: Engine, web: str) -> None:
    found = {}
    for path in PATHS:
        engine.open(web + path)
        assert urlsplit(engine.evaluate("location.href")).path == path
        found[path] = [engine.evaluate(fact) for fact in (IS_STYLED, HEADINGS, HAS_ROOM)]
    assert found == {path: [True, 1, True] for path in PATHS}
