"""The page of a model shows what its architecture needs, loses nothing typed, and says what it lacks."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from models_registry.models import LanguageModel
from tests.cast import petit_3b
from tests.models_registry.admin.model_form import ADD, change_url, with_sources
from tests.models_registry.admin.test_admin_browser import log_in
from tests.models_registry.drafts import as_draft

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SIZES = {"total_params_b", "active_params_b", "effective_params_b"}
EXPERTS = {"experts_total", "experts_active"}
SUPPOSED = {"hypothesis_low_b", "hypothesis_high_b", "hypothesis_why_fr", "hypothesis_why_en"}
SUPPOSED_ACTIVE = {"hypothesis_active_low_b", "hypothesis_active_high_b"}
CHANGING = SIZES | EXPERTS | SUPPOSED | SUPPOSED_ACTIVE
PUBLISHED = {
    "": {"total_params_b"},
    "dense": {"total_params_b"},
    "mixture_of_experts": {"total_params_b", "active_params_b"} | EXPERTS,
    "matformer": {"total_params_b", "effective_params_b"},
}
UNPUBLISHED = {
    "": SUPPOSED | SUPPOSED_ACTIVE,
    "dense": SUPPOSED,
    "mixture_of_experts": SUPPOSED | SUPPOSED_ACTIVE | EXPERTS,
    "matformer": SUPPOSED | SUPPOSED_ACTIVE,
    "undisclosed": SUPPOSED | SUPPOSED_ACTIVE,
}


def shown(page: Page) -> set[str]:
    return {name for name in CHANGING if page.locator(f"#id_{name}").is_visible()}


def test_each_architecture_shows_the_facts_it_needs_and_no_others(page: Page, curator: "User") -> None:
    log_in(page, curator)
    page.goto(ADD)
    for architecture, facts in PUBLISHED.items():
        page.locator("#id_architecture").select_option(architecture)
        assert shown(page) == facts, architecture
    supposed = page.get_by_role("heading", name="Hypothèse, quand la taille n’est pas publiée")
    expect(supposed).to_be_hidden()
    page.locator("#id_disclosed").uncheck()
    expect(supposed).to_be_visible()
    for architecture, facts in UNPUBLISHED.items():
        page.locator("#id_architecture").select_option(architecture)
        assert shown(page) == facts, architecture


def test_an_architecture_that_nobody_tells_publishes_no_size(page: Page, curator: "User") -> None:
    log_in(page, curator)
    page.goto(ADD)
    expect(page.locator("#id_disclosed")).to_be_checked()
    page.locator("#id_architecture").select_option("undisclosed")
    expect(page.locator("#id_disclosed")).not_to_be_checked()
    assert shown(page) == UNPUBLISHED["undisclosed"]


@pytest.mark.parametrize(
    ("field", "from_architecture", "sentence"),
    [
        ("active_params_b", "mixture_of_experts", "tous les paramètres sont actifs"),
        ("experts_total", "mixture_of_experts", "n’a pas d’experts"),
        ("effective_params_b", "matformer", "ne concerne que les MatFormer"),
    ],
)
def test_what_was_typed_stays_in_sight_and_is_not_dropped_in_silence(
    page: Page, curator: "User", field: str, from_architecture: str, sentence: str
) -> None:
    model = as_draft(with_sources(petit_3b()))
    log_in(page, curator)
    page.goto(change_url(model))
    page.locator("#id_architecture").select_option(from_architecture)
    typed = page.locator(f"#id_{field}")
    typed.fill("2")
    page.locator("#id_architecture").select_option("dense")
    expect(typed).to_be_visible()
    expect(typed).to_have_value("2")
    expect(page.locator(".missing")).to_contain_text(sentence)
    page.locator("input[name=_save]").first.click()
    expect(page.locator(".errornote")).to_be_visible()
    expect(page.locator(f"#id_{field}")).to_have_value("2")
    assert getattr(LanguageModel.objects.get(), field) is None
    page.locator(f"#id_{field}").fill("")
    page.locator(f"#id_{field}").blur()
    expect(page.locator(f"#id_{field}")).to_be_hidden()
    expect(page.locator(".missing")).to_contain_text("Il ne manque rien")


def test_what_is_lacking_follows_the_fingers_of_the_curator(page: Page, curator: "User") -> None:
    model = as_draft(with_sources(petit_3b()))
    log_in(page, curator)
    page.goto(change_url(model))
    box = page.locator(".missing")
    expect(box).to_contain_text("Il ne manque rien")
    page.locator("#id_release_date").fill("")
    expect(box).to_contain_text("date de sortie")
    box.get_by_role("link", name="date de sortie").click()
    expect(page.locator("#id_release_date")).to_be_in_viewport()
    page.locator(".field-release_date .datetimeshortcuts a").first.click()  # « Aujourd'hui »
    expect(box).to_contain_text("Il ne manque rien")
    page.locator("#endpoints-0 input[name$=DELETE]").check()
    expect(box).to_contain_text("point d’accès activé")
    assert LanguageModel.objects.get().release_date is not None
