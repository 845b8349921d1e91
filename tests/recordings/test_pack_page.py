"""The page of a pack, from file:// with the network off: it plays, takes votes, reveals and prints."""

import base64
import hashlib
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from playwright.sync_api import Browser, Page

from recordings.pack_file import pack_json
from recordings.pack_format import Pack
from recordings.pack_page import pack_page
from recordings.shipped import shipped_packs
from tests.services.browser import faults_of

MAX_BYTES_WITHOUT_TEXTS = 200_000


@pytest.fixture
def offline(browser: Browser, tmp_path: Path) -> Page:
    """The shipped pack, opened as from a key."""
    file = tmp_path / "paquet.html"
    file.write_text(pack_page(shipped_packs()[0]), encoding="utf-8")
    page = browser.new_context(offline=True, viewport={"width": 1366, "height": 768}).new_page()
    page.goto(file.as_uri())
    return page


def play(page: Page, duel: str, speed: str = "0") -> None:
    page.locator(f"#{duel} input[value='{speed}']").check(force=True)
    page.locator(f"#{duel} [data-part=play]").click()
    page.locator(f"#{duel} [data-part=blind]").wait_for(state="visible")


def test_it_plays_takes_hands_reveals_and_fills_its_debrief(offline: Page) -> None:
    faults = faults_of(offline)
    names = offline.locator("#duel-1 [data-name]")
    assert not names.first.is_visible()
    play(offline, "duel-1")
    blind = offline.locator("#duel-1 [data-part=blind]")
    blind.locator("summary").click()
    for choice, count in (("a", "3"), ("b", "12"), ("both_bad", "9")):
        offline.locator(f"#blind-duel-1-{choice}").fill(count)
    blind.locator("button").click()
    figure = offline.locator("#duel-1 [data-part=figure]")
    figure.wait_for(state="visible")
    assert names.first.is_visible()
    assert figure.evaluate("element => element === document.activeElement")
    offline.locator("#duel-1 [data-part=second] [value=b]").check(force=True)
    offline.locator("#duel-1 [data-part=second] button").click()
    offline.locator("#duel-1 [data-print]").wait_for(state="visible")
    offline.emulate_media(media="print")
    debrief = offline.locator("#duel-1-debrief")
    assert debrief.is_visible()
    assert [cell.inner_text() for cell in debrief.locator("[data-blind]").all()] == ["3", "12", "0", "9"]
    assert [cell.inner_text() for cell in debrief.locator("[data-second]").all()] == ["0", "1", "0", "0"]
    assert not offline.locator("#duel-2-debrief").is_visible()
    assert faults == []


def test_its_debrief_is_one_page(offline: Page) -> None:
    play(offline, "duel-1")
    offline.locator("#duel-1 [data-part=blind] [value=a]").check(force=True)
    offline.locator("#duel-1 [data-part=blind] button").click()
    assert len(re.findall(rb"/Type\s*/Page\b", offline.pdf(prefer_css_page_size=True))) == 1


def test_a_vote_for_nobody_is_asked_again(offline: Page) -> None:
    play(offline, "duel-1")
    offline.locator("#duel-1 [data-part=blind] button").click()
    assert offline.locator("#duel-1 [data-part=blind] [role=alert]").is_visible()
    assert not offline.locator("#duel-1 [data-part=reveal]").is_visible()


def test_the_texts_come_at_their_pace_and_end_whole(offline: Page) -> None:
    offline.clock.install()
    offline.reload()
    whole = offline.locator("#duel-1 [data-text]").first.inner_text
    offline.locator("#duel-1 [data-part=play]").click()
    end = offline.locator("#duel-1 [data-pace]").evaluate_all(
        "cards => Math.max(...cards.map(card => JSON.parse(card.dataset.pace).at(-1)[0]))"
    )
    offline.clock.run_for(end // 2)
    half = len(whole())
    offline.clock.run_for(end)
    offline.locator("#duel-1 [data-part=blind]").wait_for(state="visible")
    text = shipped_packs()[0]["duels"][0]["turns"][0]["a"]["text"]
    assert 0 < half < len(whole()) == len(text)


def test_all_of_it_is_done_by_keyboard(offline: Page) -> None:
    offline.locator("#duel-1 [data-part=play]").focus()
    offline.keyboard.press("Enter")
    offline.locator("#duel-1 [data-part=skip]").focus()
    offline.keyboard.press("Enter")
    blind = offline.locator("#duel-1 [data-part=blind]")
    blind.wait_for(state="visible")
    assert blind.locator("h3").evaluate("element => element === document.activeElement")
    offline.keyboard.press("Tab")
    offline.keyboard.press("ArrowRight")
    offline.keyboard.press("Enter")
    offline.locator("#duel-1 [data-part=reveal]").wait_for(state="visible")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_machine_finds_no_fault_of_accessibility(offline: Page, scheme: str) -> None:
    offline.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    play(offline, "duel-1")
    offline.locator("#duel-1 [data-part=blind] [value=a]").check(force=True)
    offline.locator("#duel-1 [data-part=blind] button").click()
    results = Axe().run(offline)
    assert results.violations_count == 0, results.generate_report()


def test_it_fits_a_phone(offline: Page) -> None:
    offline.set_viewport_size({"width": 360, "height": 740})
    play(offline, "duel-1")
    offline.locator("#duel-1 [data-part=blind] [value=a]").check(force=True)
    offline.locator("#duel-1 [data-part=blind] button").click()
    assert offline.evaluate("document.documentElement.scrollWidth") == 360


@pytest.mark.django_db
def test_it_loads_nothing_and_is_light(pack: Pack) -> None:
    page = pack_page(pack)
    assert len(page.encode()) < MAX_BYTES_WITHOUT_TEXTS
    assert re.findall(r"""(?:src|href|action|url\()=?["']?https?:""", page) == []
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy
    for tag in ("style", "script"):
        inside = re.search(rf"<{tag}[^>]*>(.*?)</{tag}>", page, re.DOTALL)
        assert inside
        digest = base64.b64encode(hashlib.sha256(inside[1].encode()).digest()).decode()
        assert f"{tag}-src &#x27;sha256-{digest}&#x27;" in policy[1]


@pytest.mark.django_db
def test_a_hostile_text_stays_text(pack: Pack) -> None:
    turn = pack["duels"][0]["turns"][0]
    turn["question"] = turn["a"]["text"] = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    pack["title"] = pack["maker"] = "</style><script>alert(1)</script>"
    page = pack_page(pack)
    assert page.count("<script") == 1
    assert "onerror=alert(1)>" not in page


@pytest.mark.django_db
def test_the_command_makes_it_from_a_pack_in_either_language(pack: Pack, tmp_path: Path) -> None:
    source, french, english = (tmp_path / name for name in ("pack.json", "fr.html", "en.html"))
    source.write_text(pack_json(pack), encoding="utf-8")
    call_command("pack", source=source, html=french)
    call_command("pack", source=source, html=english, language="en")
    assert '<html lang="fr">' in french.read_text(encoding="utf-8")
    assert '<html lang="en">' in english.read_text(encoding="utf-8")
