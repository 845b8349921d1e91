"""The head of every page: its icons, and what a messenger shows of its link."""

import io
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import engines
from django.template.loader import render_to_string
from django.test import Client
from PIL import Image

from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

CARD_BYTES = 40_000
LESSONS = ("taille", "jetons", "architecture", "simulateur", "quiz", "votre-question", "methode")
PATHS = [
    "/",
    "/modeles/",
    "/modeles/llama-3.3-70b/",
    "/modeles/gpt-5/",
    "/classement/",
    "/comprendre/",
    *(f"/comprendre/{path}/" for path in (*LESSONS, "nos-erreurs", "entrainement", "glossaire")),
    "/ateliers/",
    "/ateliers/guide/",
    "/duels/",
    "/duels-enregistres/",
    "/donnees/",
    "/api/",
    *(f"/{path}/" for path in ("a-propos", "donnees-personnelles", "accessibilite", "ecoconception")),
    "/mentions-legales/",
]
ICON = re.compile(r'<link rel="(?:icon|apple-touch-icon)" href="/static/([\w-]+)\.[0-9a-f]+\.(\w+)"')


def meta(html: str) -> dict[str, str]:
    """Name or property of each <meta>, with its content."""
    return dict(re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)"', html))


def picture(name: str) -> tuple[Image.Image, int]:
    """A static picture, and its weight in bytes."""
    content = Path(str(finders.find(name))).read_bytes()
    return Image.open(io.BytesIO(content)), len(content)


@pytest.mark.parametrize("path", ["/", "/modeles/", "/comprendre/"])
def test_a_messenger_finds_a_card_at_an_absolute_address(path: str) -> None:
    meta_tags = meta(Client().get(path, headers={"Host": "localhost:8000"}).content.decode())
    assert re.fullmatch(r"http://localhost:8000/static/social-card\.[0-9a-f]+\.png", meta_tags["og:image"])
    assert meta_tags["og:url"] == f"http://localhost:8000{path}"
    assert meta_tags["og:description"] == meta_tags["description"]
    assert meta_tags["og:locale"] == "fr_FR"


def test_a_page_tells_its_own_story_of_itself() -> None:
    where = {"scheme": "https", "host": "duels.example", "path": "/x/"}
    meta_tags = meta(render_to_string("_social.html", {"social_image": "/carte.png", **where}))
    assert meta_tags["og:image"] == "https://duels.example/carte.png"
    assert meta_tags["og:url"] == "https://duels.example/x/"
    page = "{% load page_title %}{% page_description %}{{ words }}{% endpage_description %}"
    html = engines["django"].from_string(page).render({"words": '"Deux" <mots>'})
    assert meta(html)["description"] == meta(html)["og:description"] == "&quot;Deux&quot; &lt;mots&gt;"


def test_a_description_is_one_line_that_keeps_its_no_break_spaces() -> None:
    words = "\n  Une IA\u00a0:\n  trois\u202fmots\n"
    page = f"{{% load page_title %}}{{% page_description %}}{words}{{% endpage_description %}}"
    html = engines["django"].from_string(page).render()
    assert meta(html)["description"] == "Une IA\u00a0: trois\u202fmots"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_two_pages_say_the_same_of_themselves(registry: None, language: str) -> None:
    client, cookie = Client(), settings.LANGUAGE_COOKIE_NAME
    client.cookies[cookie] = language
    found = {path: meta(client.get(path, follow=True).content.decode())["description"] for path in PATHS}
    assert len(set(found.values())) == len(PATHS)
    assert {path: words for path, words in found.items() if not 40 < len(words) < 170} == {}


def test_a_messenger_receives_the_title_without_the_name_of_the_site() -> None:
    page = '{% load page_title %}{% page_title %}{{ who }} "en" ville{% endpage_title %}'
    html = engines["django"].from_string(page).render({"who": "A & <B>"})
    assert '<title>A &amp; &lt;B&gt; "en" ville – Conso Duel</title>' in html
    assert meta(html)["og:title"] == "A &amp; &lt;B&gt; &quot;en&quot; ville"


def test_the_question_of_a_visitor_is_shown_in_their_tab_alone() -> None:
    client = Client()
    duel = cast.make_duel(cast.petit_3b(), cast.grand_70b(), visitor=cast.visitor_in(client), prompt="Bleu ?")
    page = client.get(duel.get_absolute_url()).content.decode()
    assert "<title>Bleu ? – Conso Duel</title>" in page
    assert "og:title" not in meta(page)


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/", "Deux IA anonymes, votre vote, leur énergie"),
        ("/comprendre/", "Comprendre ce qui fait consommer une IA"),
        ("/classement/", "Le classement"),
    ],
)
def test_every_page_is_shared_under_its_own_title(path: str, title: str) -> None:
    assert meta(Client().get(path).content.decode())["og:title"] == title


def test_the_card_has_the_size_that_is_announced_and_weighs_little() -> None:
    card, weight = picture("social-card.png")
    meta_tags = meta(Client().get("/").content.decode())
    assert card.size == (int(meta_tags["og:image:width"]), int(meta_tags["og:image:height"]))
    assert weight < CARD_BYTES


@pytest.mark.parametrize("path", ["/", "/nulle-part/", "/admin/login/"])
def test_every_page_has_its_icons(path: str) -> None:
    html = Client().get(path).content.decode()
    icons = ICON.findall(html)
    assert icons == [("favicon", "png"), ("favicon", "svg"), ("apple-touch-icon", "png")]
    assert (picture("favicon.png")[0].size, picture("apple-touch-icon.png")[0].size) == ((32, 32), (180, 180))
