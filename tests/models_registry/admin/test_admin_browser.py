"""A curator connects a server in the admin, tries it, enables the model; a visitor meets it in a duel."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from models_registry.models import LanguageModel
from tests.cast import open_licence, petit_3b
from tests.models_registry.admin.model_form import ADD, LIST, change_url, with_sources
from tests.models_registry.conftest import PASSWORD
from tests.models_registry.drafts import as_draft
from tests.upstream import Upstream, answer

if TYPE_CHECKING:
    from django.contrib.auth.models import User

VISITOR_QUESTION = "Qui a planté ce cèdre ?"
PHONE_PX = 767  # and less
# An iPhone zooms into these.
FIELDS_TOO_SMALL = """[...document.querySelectorAll("input, select, textarea")]
  .filter((field) => !["hidden", "submit", "button"].includes(field.type))
  .filter((field) => parseFloat(getComputedStyle(field).fontSize) < 16)
  .map((field) => `${field.tagName} ${field.type} ${field.name}`)"""
LISTS = """[...document.querySelectorAll("#content-main th a")].map((link) => link.href)"""
# Cells of a list that the edge of a phone hides.
CUT_CELLS = """[...document.querySelectorAll("#result_list tbody :is(td, th)")]
  .filter((cell) => cell.getBoundingClientRect().right > innerWidth)
  .map((cell) => cell.className)"""
WORDS = ("Le cèdre", " fut planté", " en 1734.")


@pytest.fixture
def ollama() -> Iterator[Upstream]:
    """A server that serves two models as Ollama names them."""
    with Upstream({"neuf:7b": answer(*WORDS), "petit-3b": answer("Je ne", " sais pas.")}) as upstream:
        yield upstream


def log_in(page: Page, curator: "User") -> None:
    page.goto(reverse("admin:index"))
    page.locator("#id_username").fill(curator.username)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("input[type=submit]").click()


def fill_facts(page: Page) -> None:
    page.locator("#id_name").fill("Neuf 7B")
    page.locator("#id_organisation").select_option(label="Fabrique Quatrevents")
    page.locator("#id_licence").select_option(label=open_licence().name)
    page.locator("#id_release_date").fill("14/03/2025")
    page.locator("#id_architecture").select_option("dense")
    page.locator("#id_total_params_b").fill("7.2")


def fill_source(page: Page) -> None:
    row = page.locator("#sources-0")
    for fact in row.locator("input[type=checkbox][name$=facts]").all():
        fact.check()
    row.locator("input[name$=link]").fill("https://fiche.example/neuf-7b")
    row.locator("input[name$=title]").fill("Fiche du modèle")


def connect(page: Page, address: str, name: str) -> None:
    page.locator("#endpoints-group .add-row a").click()
    page.locator("#id_endpoints-0-base_url").fill(address)
    page.locator("#id_endpoints-0-provider_model").fill(name)


def test_a_curator_adds_a_model_and_a_visitor_meets_it(
    page: Page, worker: None, curator: "User", ollama: Upstream
) -> None:
    petit_3b(ollama.url)
    log_in(page, curator)
    page.goto(ADD)
    fill_facts(page)
    expect(page.locator(".energy-box")).to_contain_text("Wh")
    fill_source(page)
    connect(page, ollama.url, "neuf:8b")
    page.locator("#endpoints-0 [data-probe]").click()
    expect(page.locator("#endpoints-0 .probe-result")).to_contain_text("ne connaît pas ce modèle")
    page.locator("#id_endpoints-0-provider_model").fill("neuf:7b")
    page.locator("#endpoints-0 [data-probe]").click()
    expect(page.locator("#endpoints-0 .probe-result")).to_contain_text("Le cèdre fut planté en 1734.")
    expect(page.locator("#endpoints-0 .probe-result")).to_contain_text("3 jetons")
    page.locator("input[name=_save]").first.click()
    expect(page.locator(".messagelist .success")).to_contain_text("Neuf 7B")

    page.goto(f"{LIST}?status__exact=draft")
    page.locator("#result_list input.action-select").check()
    page.locator("select[name=action]").select_option("enable")
    page.locator("button[name=index]").click()
    expect(page.locator(".messagelist .success")).to_contain_text("1 modèle activé.")

    page.goto("/")
    page.locator("textarea[name=prompt]").fill(VISITOR_QUESTION)
    page.locator("textarea[name=prompt]").press("Control+Enter")
    page.wait_for_url("**/duels/**")
    expect(page.locator("main")).to_contain_text("Le cèdre fut planté en 1734.")
    asked = [
        request.messages[-1]["content"] for request in ollama.requests if request.body["model"] == "neuf:7b"
    ]
    assert asked[-1] == VISITOR_QUESTION


def test_a_server_is_connected_in_one_flow_and_the_board_follows(
    page: Page, curator: "User", ollama: Upstream
) -> None:
    model = as_draft(with_sources(petit_3b()))
    model.endpoints.all().delete()
    log_in(page, curator)
    playing = page.locator(".board li").filter(has_text="Jouent")
    expect(playing.locator("strong")).to_have_text("0")
    page.get_by_role("link", name="Connecter un serveur").click()
    page.get_by_label("ou l’adresse d’un autre").fill(ollama.url)
    page.get_by_role("button", name="Voir ses modèles").click()
    expect(page.locator("summary")).to_contain_text("1 inconnu du site")
    page.get_by_label("petit-3b").check()
    page.get_by_role("button", name="Relier et tester").click()
    expect(page.locator(".connect-list")).to_contain_text("Je ne sais pas.")
    expect(page.get_by_label("Petit-3B")).to_be_checked()
    page.get_by_role("button", name="Activer").click()
    expect(page.locator(".messagelist .success")).to_contain_text("1 modèle activé.")
    expect(page.locator("#result_list")).to_contain_text("Petit-3B")
    page.goto(reverse("admin:index"))
    expect(playing.locator("strong")).to_have_text("1")
    expect(playing).to_contain_text("Petit-3B")


def test_energy_follows_the_fingers_of_the_curator(page: Page, curator: "User") -> None:
    model = with_sources(petit_3b())
    log_in(page, curator)
    page.goto(change_url(model))
    box = page.locator(".energy-box")
    before = box.inner_text()
    page.locator("#id_total_params_b").fill("70")
    expect(box).not_to_have_text(before)
    expect(box).to_contain_text("Wh")
    page.locator("#id_architecture").select_option("mixture_of_experts")
    expect(box).to_contain_text("actifs par jeton")
    page.locator("#id_active_params_b").fill("3.3")
    expect(box).to_contain_text("Wh")
    assert LanguageModel.objects.get().total_params_b == 3.07


def test_without_a_script_the_probe_has_a_page_of_its_own(
    page: Page, curator: "User", ollama: Upstream
) -> None:
    model = with_sources(petit_3b(ollama.url))
    log_in(page, curator)
    with page.context.browser.new_context(  # type: ignore[union-attr]
        base_url=page.url.split("/admin/")[0], java_script_enabled=False, locale="fr-FR"
    ) as context:
        context.add_cookies(page.context.cookies())  # type: ignore[arg-type]
        plain = context.new_page()
        plain.goto(change_url(model))
        plain.locator("[data-probe]").first.click()
        expect(plain.locator("#content")).to_contain_text("Je ne sais pas.")
        expect(plain.locator("#content")).to_contain_text("Rien n’a été enregistré")


def test_no_list_of_the_admin_is_cut_on_a_phone(page: Page, admin_user: "User") -> None:
    with_sources(petit_3b(aliases=["un-nom-sans-aucun-espace-" * 5]))
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(reverse("admin:index"))
    page.locator("#id_username").fill(admin_user.username)
    page.locator("#id_password").fill("password")
    page.locator("input[type=submit]").click()
    expect(page.locator("#content-main th a").first).to_be_visible()
    filled = 0
    for url in page.evaluate(LISTS):
        page.goto(url)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), url
        assert page.evaluate(CUT_CELLS) == [], url
        filled += page.locator("#result_list").count()
    assert filled >= 5


def test_a_source_is_read_and_taken_away_on_a_phone(page: Page, curator: "User") -> None:
    model = with_sources(petit_3b())
    page.set_viewport_size({"width": 360, "height": 800})
    log_in(page, curator)
    page.goto(change_url(model))
    row = page.locator("#sources-0")
    for field in ("link", "title", "read_on", "DELETE"):
        box = row.locator(f"input[name$={field}]").bounding_box()
        assert box and box["x"] + box["width"] <= 360, field
    expect(row.get_by_text("Supprimer")).to_be_visible()


@pytest.mark.parametrize("width", [1366, 360])
def test_every_page_of_the_registry_keeps_to_the_security_policy(
    page: Page, curator: "User", width: int
) -> None:
    model = with_sources(petit_3b())
    page.set_viewport_size({"width": width, "height": 800})
    log_in(page, curator)
    lists = [
        reverse(f"admin:models_registry_{name}_changelist")
        for name in ("endpoint", "licence", "organisation")
    ]
    history = reverse("admin:models_registry_languagemodel_history", args=[model.pk])
    upload = reverse("admin:models_registry_languagemodel_import")
    for url in (reverse("admin:index"), LIST, ADD, change_url(model), history, upload, *lists):
        assert page.goto(url).status == 200  # type: ignore[union-attr]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), url
        assert width > PHONE_PX or page.evaluate(FIELDS_TOO_SMALL) == [], url
    # The fixture `page` fails where a script breaks or the policy is breached.
