"""The catalogue in a browser: filters as one types, the address bar, a phone, a keyboard, no script."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import cast

NARROWEST_PX = 320
SLOW_PRESS_MS = 500


@pytest.fixture
def troupe(transactional_db: None) -> None:
    for play in (cast.petit_3b, cast.grand_70b, cast.melange_117b, cast.secret):
        play()


def shown(page: Page) -> list[str]:
    return page.locator("#models tbody th a").all_inner_texts()


def test_the_list_follows_what_is_typed_and_the_address_bar_keeps_it(page: Page, troupe: None) -> None:
    page.goto("/modeles/")
    page.get_by_label("Chercher").fill("petit")
    expect(page.locator("#models-count")).to_have_text("1 modèle")
    assert shown(page) == ["Petit-3B"]
    assert page.url.endswith("/modeles/?words=petit")
    page.get_by_role("link", name="Petit-3B").click(delay=SLOW_PRESS_MS)
    expect(page.get_by_role("heading", level=1)).to_have_text("Petit-3B")
    page.go_back()
    assert page.get_by_label("Chercher").input_value() == "petit"
    assert shown(page) == ["Petit-3B"]


def test_a_filter_works_at_once_and_back_undoes_it(page: Page, troupe: None) -> None:
    page.goto("/modeles/")
    page.get_by_label("Architecture").select_option("dense")
    expect(page.locator("#models-count")).to_have_text("2 modèles")
    assert page.url.endswith("/modeles/?architecture=dense")
    page.go_back()
    expect(page.locator("#models tbody th a")).to_have_count(4)
    assert page.get_by_label("Architecture").input_value() == ""


def test_without_javascript_the_form_is_sent_by_its_button(browser: Browser, web: str, troupe: None) -> None:
    with browser.new_context(base_url=web, locale="fr-FR", java_script_enabled=False) as context:
        page = context.new_page()
        page.goto("/modeles/")
        page.get_by_label("Trier par").select_option("-size")
        page.get_by_role("button", name="Afficher").click()
        assert shown(page) == ["Secret-Un", "Mélange-117B", "Grand-70B", "Petit-3B"]
        page.get_by_role("link", name="Secret-Un").click()
        assert "90 Md à 610 Md" in page.inner_text("main").replace("\u00a0", " ")


@pytest.mark.parametrize(
    "path", ["/modeles/", "/modeles/secret-1/", "/modeles/melange-117b/", "/?mode=chosen"]
)
def test_nothing_scrolls_sideways_on_the_narrowest_phone(page: Page, troupe: None, path: str) -> None:
    page.set_viewport_size({"width": NARROWEST_PX, "height": 700})
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") == NARROWEST_PX


def test_on_a_phone_the_table_is_still_a_table_to_those_who_listen(page: Page, troupe: None) -> None:
    page.set_viewport_size({"width": NARROWEST_PX, "height": 700})
    page.goto("/modeles/")
    assert page.get_by_role("row").count() == 9  # the columns, and a maker above each model
    assert page.get_by_role("columnheader").count() == 3
    assert page.get_by_role("rowheader", name="Petit-3B").count() == 1


def test_the_models_are_chosen_only_in_the_mode_that_chooses(page: Page, troupe: None) -> None:
    page.goto("/")
    chosen = page.get_by_label("Modèle choisi")
    expect(chosen).to_be_hidden()
    page.get_by_label("Façon de tirer les modèles").select_option("chosen")
    expect(chosen).to_be_visible()
    page.get_by_label("Son adversaire").select_option("secret-1")
    chosen.select_option("petit-3b")
    page.get_by_label("Façon de tirer les modèles").select_option("random")
    expect(chosen).to_be_hidden()
