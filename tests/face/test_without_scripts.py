"""Pages, searches and simulators work in a browser that runs no script."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.face.kinds import Kind
from tests.face.world import World

pytestmark = pytest.mark.django_db


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).first.click()


@pytest.fixture
def reader(browser: Browser, world: World, _web_process: str) -> Iterator[Page]:
    """A page without scripts on the site where much has happened."""
    with Kind().context(browser, world, _web_process, java_script_enabled=False) as context:
        yield context.new_page()


def test_the_catalogue_is_searched_filtered_and_sorted(reader: Page) -> None:
    reader.goto("/modeles/")
    reader.get_by_label("Architecture").select_option("matformer")
    reader.get_by_label("Trier par").select_option("size")
    press(reader, "Afficher")
    assert "architecture=matformer" in reader.url
    names = reader.locator("#models tbody th a").all_inner_texts()
    assert names[0] == "Gemma 3n E2B" and "Matriochka-8B" in names
    reader.get_by_role("link", name="Matriochka-8B").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Matriochka-8B")


def test_the_leaderboard_is_searched_and_its_filters_unfold(reader: Page) -> None:
    reader.goto("/classement/")
    reader.get_by_label("Chercher").fill("hautemer")
    reader.locator(".more-filters summary").click()
    reader.get_by_label("Architecture").select_option("dense")
    press(reader, "Afficher")
    expect(reader.locator("#board-table tbody tr")).to_have_count(1)
    assert "words=hautemer" in reader.url and "architecture=dense" in reader.url


def test_a_quiz_is_played_to_its_score(reader: Page) -> None:
    reader.goto("/comprendre/quiz/?draw=bcdfg")
    for _ in range(5):
        press(reader, "La réponse A")
    expect(reader.get_by_role("heading", name="Votre score")).to_be_visible()


def test_the_simulator_and_the_lens_answer(reader: Page) -> None:
    reader.goto("/comprendre/simulateur/")
    reader.locator(".configuration.side-b").get_by_label("Jetons écrits").fill("12345")
    press(reader, "Comparer")
    expect(reader.locator(".learn-side.side-b")).to_contain_text("12\u00a0345")
    reader.goto("/comprendre/jetons/")
    reader.get_by_role("textbox", name="Votre texte").fill("Bonjour à tous")
    press(reader, "Découper")
    expect(reader.locator(".cut")).to_have_count(9)


def test_the_language_is_chosen_and_the_page_stays(reader: Page) -> None:
    reader.goto("/modeles/?words=petit")
    reader.get_by_role("button", name="EN").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("The models")
    assert reader.url.endswith("/modeles/?words=petit")
