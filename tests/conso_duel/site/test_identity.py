"""A site under its own name, with its own logo and its own welcome."""

from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests.conso_duel.fresh import ran

pytestmark = pytest.mark.django_db
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'


@pytest.fixture
def named(settings: Settings) -> None:
    settings.SITE_NAME = "Duel <Lycée>"


@pytest.mark.parametrize(
    "address", ["/", "/a-propos/", "/comprendre/", "/duels-enregistres/", "/rien-ici/", "/admin/login/"]
)
def test_its_name_stands_on_its_pages_and_ours_in_no_title(client: Client, named: None, address: str) -> None:
    page = client.get(address).content.decode()
    title = page[page.index("<title>") : page.index("</title>")]
    assert "Duel &lt;Lycée&gt;" in title
    assert "Conso Duel" not in title
    assert "Duel <Lycée>" not in page


def test_without_a_setting_the_name_is_ours(client: Client) -> None:
    page = client.get("/comprendre/").content.decode()
    assert " – Conso Duel</title>" in page
    assert '<meta property="og:site_name" content="Conso Duel">' in page


def test_no_template_writes_our_name_into_a_title(settings: Settings) -> None:
    """The tag of titles adds the site's own."""
    templates = (settings.BASE_DIR / "templates").rglob("*.html")
    assert [file for file in templates if "– Conso Duel" in file.read_text(encoding="utf-8")] == []


def test_its_logo_is_served_as_it_is_and_shown_in_the_head(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    assert client.get("/logo").status_code == 404
    logo = tmp_path / "logo.svg"
    logo.write_bytes(SVG)
    settings.SITE_LOGO = logo
    response = client.get("/logo")
    assert (response.content, response["Content-Type"]) == (SVG, "image/svg+xml")
    assert '<img src="/logo"' in client.get("/").content.decode()


def test_its_welcome_is_in_the_readers_language(client: Client, settings: Settings) -> None:
    settings.SITE_WELCOME = {"fr": "Bienvenue au lycée.", "en": ""}
    assert "Bienvenue au lycée." in client.get("/").content.decode()
    english = client.get("/", headers={"Accept-Language": "en"}).content.decode()
    assert "Bienvenue" not in english
    assert "Two artificial intelligences" in english


@pytest.mark.parametrize("name", ["logo.txt", "absent.png", "lourd.png"])
def test_a_logo_that_is_none_stops_the_start_in_a_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "logo.txt").write_text("x")
    (tmp_path / "lourd.png").write_bytes(b"x" * 100_001)
    refused = ran("import conso_duel.settings", CONSO_SITE_LOGO=str(tmp_path / name))
    assert refused.returncode != 0
    assert "il faut une image (.svg, .png, .webp) de 100" in refused.stderr
