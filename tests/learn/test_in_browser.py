"""The interactive parts of the lessons in a real browser: with scripts, without, and with less motion."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect


@pytest.fixture
def site(web: str, registry: None) -> str:
    return web


@pytest.fixture
def scriptless(browser: Browser, site: str) -> Iterator[Page]:
    """A page of a browser that runs no script."""
    with browser.new_context(base_url=site, locale="fr-FR", java_script_enabled=False) as context:
        yield context.new_page()


def lit_frames(page: Page) -> list[int]:
    """The place of the frame that each network shows."""
    shown: list[int] = page.evaluate(
        """() => [...document.querySelectorAll(".frames")].map((frames) =>
            [...frames.children].findIndex((frame) => getComputedStyle(frame).display !== "none"))"""
    )
    return shown


def test_networks_light_up_one_token_at_a_time(site: str, page: Page) -> None:
    page.goto(reverse("learn:architecture"))
    step = page.get_by_role("button", name="Jeton suivant")
    expect(step).to_be_visible()
    assert set(lit_frames(page)) == {0}
    step.focus()
    page.keyboard.press("Enter")
    assert set(lit_frames(page)) == {1}
    expect(page.get_by_text("Jeton affiché : ␣chat")).to_be_attached()


def test_networks_play_by_themselves_until_paused(site: str, page: Page) -> None:
    page.clock.install()
    page.goto(reverse("learn:architecture"))
    page.clock.run_for(5_000)
    assert set(lit_frames(page)) == {0}  # nothing moves that nobody asked for
    page.get_by_role("button", name="Lecture").click()
    page.clock.run_for(2_500)
    assert set(lit_frames(page)) == {2}
    page.get_by_role("button", name="Pause").click()
    page.clock.run_for(5_000)
    assert set(lit_frames(page)) == {2}


def test_who_wants_less_motion_steps_by_hand(site: str, page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(reverse("learn:architecture"))
    expect(page.get_by_role("button", name="Jeton suivant")).to_be_visible()
    expect(page.get_by_role("button", name="Lecture")).to_be_hidden()


def test_without_scripts_every_token_is_drawn(scriptless: Page) -> None:
    scriptless.goto(reverse("learn:architecture"))
    expect(scriptless.get_by_role("button", name="Jeton suivant")).to_be_hidden()
    assert scriptless.locator(".frame").count() == scriptless.locator(".frame:visible").count() > 20


def test_the_lens_follows_what_is_typed(site: str, page: Page) -> None:
    page.goto(reverse("learn:tokens"))
    expect(page.locator(".cut")).to_have_count(9, timeout=60_000)
    page.get_by_role("textbox", name="Votre texte").fill("anticonstitutionnellement")
    expect(page.locator(".lens-count")).to_contain_text("25 caractères", timeout=20_000)
    expect(page.get_by_role("textbox", name="Votre texte")).to_be_focused()
    page.get_by_role("button", name="EN English").click()
    expect(page.locator(".lens-count")).to_contain_text("25 characters", timeout=20_000)


def test_the_lens_cuts_without_scripts(scriptless: Page) -> None:
    scriptless.goto(reverse("learn:tokens"))
    scriptless.get_by_role("textbox", name="Votre texte").fill("Bonjour à tous")
    scriptless.get_by_role("button", name="Découper").click()
    expect(scriptless.locator(".cut")).to_have_count(9)
    expect(scriptless.get_by_role("textbox", name="Votre texte")).to_have_value("Bonjour à tous")


def test_choosing_a_model_fills_the_simulator_and_its_address(site: str, page: Page) -> None:
    page.goto(reverse("learn:simulator"))
    side = page.locator(".configuration.side-a")
    side.get_by_label("Partir d’un modèle").select_option("deepseek-v3")
    expect(side.get_by_label("Paramètres au total")).to_have_value("671")
    expect(side.get_by_label("Paramètres actifs")).to_be_visible()
    assert "a-total=671" in page.url and "a-from" not in page.url
    headline = page.locator(".simulator-headline").inner_text()
    page.reload()
    assert page.locator(".simulator-headline").inner_text() == headline


def test_the_simulator_compares_without_scripts(scriptless: Page) -> None:
    scriptless.goto(reverse("learn:simulator"))
    side = scriptless.locator(".configuration.side-b")
    side.get_by_label("Jetons écrits").fill("12 345")
    scriptless.get_by_role("button", name="Comparer").click()
    expect(side.get_by_label("Jetons écrits")).to_have_value("12345")
    expect(scriptless.locator(".learn-side.side-b")).to_contain_text("12\xa0345")


def test_the_equation_follows_the_choice(site: str, page: Page) -> None:
    page.goto(reverse("learn:index"))
    before = page.locator("#result data").get_attribute("value")
    page.get_by_label("Longueur de la réponse").select_option("5000")
    expect(page.locator("#result .equation").first).to_contain_text("5\xa0000")
    assert page.locator("#result data").get_attribute("value") != before
    assert "tokens=5000" in page.url


def test_a_game_is_played_with_the_keyboard(site: str, page: Page) -> None:
    page.goto(reverse("learn:quiz"))
    for number in range(1, 6):
        expect(page.get_by_role("heading", name=f"Question {number} sur 5")).to_be_visible()
        page.get_by_role("button", name="La réponse A").focus()
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Votre score")).to_be_visible()


def test_a_page_carries_little_script_of_ours(site: str, page: Page) -> None:
    sizes: dict[str, int] = {}

    def weigh(response: Any) -> None:
        if response.url.endswith(".js") and "/vendor/" not in response.url:
            sizes[response.url] = len(response.body())

    page.on("response", weigh)
    page.goto(reverse("learn:architecture"), wait_until="networkidle")
    assert 0 < sum(sizes.values()) <= 10_000
