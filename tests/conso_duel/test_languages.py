"""French or English: as the browser asks, or as the visitor chose; the page stays the same."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from duels.models import MAX_PROMPT_CHARACTERS
from tests import cast
from tests.markup import flat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

ENGLISH = {"Accept-Language": "en-GB,en;q=0.9"}
PAGES = ["/", "/modeles/?words=70b", "/classement/", "/comprendre/", "/duels/", "/nulle-part/", "/a-propos/"]


def language(response: HttpResponse) -> str:
    """The language that the page says it is in."""
    found = re.search(r'<html lang="(\w+)"', response.content.decode())
    assert found and found[1] == response["Content-Language"]
    return found[1]


def switch(client: Client, page: HttpResponse, came_from: str) -> str:
    """Where the switch of that page leads, once English is chosen on it."""
    form = re.search(r'<form class="languages.*?</form>', flat(page.content.decode()))
    assert form and f'action="{reverse("set_language")}"' in form[0]
    wanted = re.search(r'name="next" value="([^"]+)"', form[0])
    sent = {"language": "en"} | ({"next": wanted[1]} if wanted else {})
    return client.post(
        reverse("set_language"), sent, headers={"Referer": f"http://testserver{came_from}"}
    ).headers["Location"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_in_the_language_of_the_browser_or_in_french(path: str) -> None:
    assert language(Client().get(path)) == "fr"
    assert language(Client().get(path, headers={"Accept-Language": "de,es"})) == "fr"
    assert language(Client().get(path, headers=ENGLISH)) == "en"


@pytest.mark.parametrize("path", PAGES)
def test_the_switch_leads_back_to_the_same_page_in_the_other_language(path: str) -> None:
    client = Client()
    assert switch(client, client.get(path), came_from=path) == f"http://testserver{path}"
    assert language(client.get(path)) == "en"
    assert language(client.get(path, headers={"Accept-Language": "fr"})) == "en"


@pytest.mark.parametrize("path", PAGES)
def test_caches_vary_by_the_language_of_the_browser_and_by_the_choice(path: str) -> None:
    for client in (Client(), Client(headers=ENGLISH)):
        assert {"Cookie", "Accept-Language"} <= set(client.get(path)["Vary"].split(", "))


def test_a_question_that_was_refused_leads_back_to_the_home_page() -> None:
    client = Client()
    refused = client.post("/duels/", {"prompt": "x" * (MAX_PROMPT_CHARACTERS + 1)})
    assert refused.status_code == 422
    assert switch(client, refused, came_from="/duels/") == "/"


def test_without_scripts_a_page_that_holds_what_was_typed_offers_no_other_language() -> None:
    client = Client()
    assert 'class="languages"' in client.get("/").content.decode()
    refused = client.post("/duels/", {"prompt": " "}).content.decode()
    assert 'class="languages by-script"' in refused
    strict = Client(enforce_csrf_checks=True)
    expired = strict.post("/duels/", {"prompt": "Ma question"}).content.decode()
    assert "Ma question" in expired and "languages" not in expired


def test_a_vote_that_was_refused_leads_back_to_its_duel() -> None:
    client = Client()
    duel = cast.make_duel(cast.petit_3b(), cast.grand_70b(), visitor=cast.visitor_in(client))
    refused = client.post(reverse("duels:vote", args=[duel.code]), {"choice": "nobody"})
    assert refused.status_code == 422
    assert switch(client, refused, came_from="/elsewhere/") == duel.get_absolute_url()


def test_the_choice_outlives_the_browsers_window() -> None:
    client = Client()
    client.post(reverse("set_language"), {"language": "en"})
    cookie = client.cookies["django_language"]
    assert int(cookie["max-age"]) > 30 * 24 * 3600
    assert cookie["samesite"] == "Lax" and cookie["httponly"]
