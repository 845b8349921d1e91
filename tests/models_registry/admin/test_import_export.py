"""Files in and out, on the pages of the admin."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from backends.openai.client import OfferedModel
from models_registry.admin.import_export import MAX_BYTES
from models_registry.discovery.discover import ModelServer, register_models
from models_registry.exchange import export as exporting
from models_registry.exchange.parse import parse_file
from models_registry.exchange.plan import dry_run, run_import
from models_registry.models import LanguageModel, Licence, Organisation
from models_registry.seed.load import load_catalogue
from models_registry.seed.read import read_catalogue
from tests.cast import grand_70b, make_organisation, matriochka_8b, melange_117b, petit_3b, secret
from tests.models_registry.admin.model_form import LIST, with_sources
from tests.models_registry.drafts import as_draft

pytestmark = pytest.mark.django_db
IMPORT = reverse("admin:models_registry_languagemodel_import")
COMPARIA = Path(__file__).parent.parent / "exchange" / "comparia_models.json"


def upload(client: Client, content: bytes, name: str = "fiches.csv") -> Any:
    return client.post(IMPORT, {"file": SimpleUploadedFile(name, content)})


def confirm(client: Client, page: Any, **typed: str) -> Any:
    """The confirmation as a browser sends it: line ends become two characters."""
    held = page.context["confirm"].initial
    text = re.sub(r"\r?\n", "\r\n", held["text"])
    return client.post(IMPORT, {"text": text, "digest": held["digest"], **typed}, follow=True)


def test_a_file_is_previewed_row_by_row_then_imported_as_previewed(curator_client: Client) -> None:
    as_draft(petit_3b())
    page = upload(curator_client, b'slug,total_params_b,description_fr\npetit-3b,3.2,"Deux\nlignes"\n')
    text = page.content.decode()
    assert "3,07 → 3,2" in text
    assert LanguageModel.objects.get().total_params_b == 3.07
    text = confirm(curator_client, page).content.decode()
    assert "0 fiches créées, 1 changées, 0 laissées de côté" in text
    model = LanguageModel.objects.get()
    assert (model.total_params_b, model.description_fr) == (3.2, "Deux\nlignes")


def test_a_refused_row_holds_everything_back_until_the_curator_leaves_it_out(curator_client: Client) -> None:
    as_draft(petit_3b())
    page = upload(curator_client, b"slug,total_params_b\npetit-3b,3.2\ninconnu,7\n")
    assert "Laisser de côté la fiche refusée" in page.content.decode()
    refused = confirm(curator_client, page)
    assert refused.status_code == 409
    assert "Rien n’a été importé" in refused.content.decode()
    assert LanguageModel.objects.get().total_params_b == 3.07
    confirm(curator_client, page, leave_refused="on")
    assert LanguageModel.objects.get().total_params_b == 3.2


def test_a_registry_that_moved_meanwhile_is_shown_again(curator_client: Client) -> None:
    as_draft(petit_3b())
    page = upload(curator_client, b"slug,total_params_b\npetit-3b,3.2\n")
    LanguageModel.objects.update(total_params_b=3.5)
    again = confirm(curator_client, page)
    assert again.status_code == 409
    assert "3,5 → 3,2" in again.content.decode()
    confirm(curator_client, again)
    assert LanguageModel.objects.get().total_params_b == 3.2


def test_the_file_of_comparia_is_read_on_the_page(curator_client: Client) -> None:
    make_organisation("Mistral AI")
    page = upload(curator_client, COMPARIA.read_bytes(), "comparia.json")
    assert len(page.context["plan"].outcomes) == 10
    assert "suppose 440 milliards" in page.content.decode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "vide"),
        (b"\x00\xff\xfe\x81\x8d", "n’est pas du texte"),
        (b"nom,prix\nx,3\n", "dont « slug »"),
        (b"a" * (MAX_BYTES + 1), "trop grand"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(
    curator_client: Client, content: bytes, words: str
) -> None:
    page = upload(curator_client, content)
    assert page.status_code == 422
    assert words in page.content.decode()


def test_a_spreadsheet_that_does_not_write_utf_8_is_read(curator_client: Client) -> None:
    as_draft(petit_3b())
    page = upload(curator_client, "slug;name\npetit-3b;Petit à part\n".encode("cp1252"))
    assert "Petit-3B → Petit à part" in page.content.decode()


def test_a_forged_confirmation_imports_nothing(curator_client: Client) -> None:
    as_draft(petit_3b())
    forged = {"text": "slug,total_params_b\npetit-3b,9\n", "digest": "0" * 64}
    assert curator_client.post(IMPORT, forged).status_code == 409
    assert curator_client.post(IMPORT, {"text": "", "digest": ""}).status_code == 422
    assert curator_client.post(IMPORT, {"text": "rien", "digest": "0"}).status_code == 422
    assert LanguageModel.objects.get().total_params_b == 3.07


@pytest.mark.parametrize("extension", ["csv", "json"])
def test_an_export_is_a_download_that_comes_back_unchanged(curator_client: Client, extension: str) -> None:
    as_draft(petit_3b())
    url = reverse("admin:models_registry_languagemodel_export", args=[extension])
    assert f'href="{url}"' in curator_client.get(LIST).content.decode()
    export = curator_client.get(url)
    assert re.search(
        rf'filename="conso-duel-registre-[\d-]+\.{extension}"', export.headers["Content-Disposition"]
    )
    page = upload(curator_client, export.content, f"registre.{extension}")
    assert "Il n’y a rien à importer" in page.content.decode()


def test_no_other_form_of_export_exists(curator_client: Client) -> None:
    assert (
        curator_client.get(reverse("admin:models_registry_languagemodel_export", args=["xlsx"])).status_code
        == 404
    )


def test_no_key_leaves_with_an_export(curator_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLE_D_ESSAI", "sk-secret-9")
    petit_3b().endpoints.update(api_key_env="CLE_D_ESSAI")
    assert "CLE_D_ESSAI" in exporting.export_json()
    assert "sk-secret-9" not in exporting.export_json()


def test_refusals_come_first_each_with_its_line_its_field_and_a_sentence(curator_client: Client) -> None:
    as_draft(petit_3b())
    file = (
        "slug,name,total_params_b,experts_total,release_date\n"
        "petit-3b,Petit à part,3.2,,\n"
        "petit-3b-bis,Petit bis,7,,\n"
        "petit-3b,Petit encore,3.2,,\n"
        "petit-3b-ter,Petit ter,beaucoup,,demain\n"
    )
    page = upload(curator_client, file.encode())
    assert page.context["tally"][0] == ("Refuser", 3)
    shown = page.content.decode()
    rows = re.findall(r'<tr role="row" class="action-(\w+)">(.*?)</tr>', shown, re.DOTALL)
    assert [action for action, _html in rows] == ["refused", "refused", "refused", "updated"]
    expected = (
        ("ligne 3", "Organisation\xa0: Choisissez l’organisation qui le publie."),
        ("ligne 4", "Cette fiche est deux fois dans le fichier."),
        ("ligne 5", "Paramètres au total (milliards)\xa0: Saisissez un nombre."),
        ("ligne 5", "Date de sortie\xa0: Saisissez une date valide."),
    )
    for place, sentence in expected:
        assert any(place in html and sentence in html for _action, html in rows[:3]), (place, sentence)
    assert shown.index("Refuser") < shown.index("Petit-3B → Petit à part")


def test_an_entry_of_a_json_file_is_named_by_its_place(curator_client: Client) -> None:
    document = {"format": "conso-duel-registry", "version": 2, "models": [{"slug": "neuf"}, {"name": "x"}]}
    page = upload(curator_client, json.dumps(document).encode(), "registre.json")
    places = [outcome.place for outcome in page.context["outcomes"]]
    assert places == ["modèle nº\xa01", "modèle nº\xa02"]


def test_an_export_read_into_an_empty_registry_is_exported_the_same_to_the_byte(
    curator_client: Client,
) -> None:
    mixture = melange_117b(aliases=["melange", "maison/melange"], reasoning=True, weight_bits=4.25)
    for model in (petit_3b(description_fr="Deux\r\nlignes « ici »"), mixture, matriochka_8b(), secret()):
        with_sources(model)
    Organisation.objects.filter(name="Atelier Sept-Poupées").update(slug="sept-poupees")
    as_draft(grand_70b())
    mixture.sources.filter(fact="date").update(read_on="2026-05-04", title="Une | fiche")
    mixture.endpoints.update(
        price_in_eur=0.25, daily_cap_eur=3, extra_body={"top_k": [1]}, temperature=0.5, priority=20
    )
    mixture.endpoints.create(
        base_url="http://127.0.0.1:8/v1", provider_model="m", hosting="own_server", accelerator="H100"
    )
    register_models(
        ModelServer("http://127.0.0.1:7/v1", "CLE_DE_PETIT"),
        [OfferedModel("jamais-vu:9b", context_window_tokens=4096)],
        enable=False,
        draft_unknown=True,
    )
    url = reverse("admin:models_registry_languagemodel_export", args=["json"])
    exported = curator_client.get(url).content
    LanguageModel.objects.all().delete()
    Organisation.objects.all().delete()
    Licence.objects.all().delete()

    page = upload(curator_client, exported, "registre.json")
    assert page.context["plan"].refused == 0, [one.reasons for one in page.context["outcomes"]]
    assert confirm(curator_client, page).status_code == 200
    assert curator_client.get(url).content == exported
    assert "jamais-vu" in exported.decode()


@pytest.mark.slow
def test_the_whole_catalogue_comes_back_to_the_byte() -> None:
    load_catalogue(read_catalogue())
    exported = exporting.export_json()
    LanguageModel.objects.all().delete()
    Organisation.objects.all().delete()
    Licence.objects.all().delete()
    rows = parse_file(exported)
    run_import(rows, user_id=None, digest=dry_run(rows).digest)
    assert exporting.export_json() == exported
