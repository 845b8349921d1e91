"""Requests that cannot be answered get words: what happened, what to do, and nothing typed is lost."""

import re
from collections.abc import Iterator

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import include, path, set_urlconf
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from conso_duel import urls
from conso_duel.site.errors import server_error
from duels.models import Answer, Duel
from tests import cast

pytestmark = pytest.mark.usefixtures("static_files")  # pages link to hashed names

handler400, handler500 = urls.handler400, urls.handler500


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("une valeur inattendue")


def outage(request: HttpRequest) -> HttpResponse:
    raise OperationalError("the disk is full")


def forbidden(request: HttpRequest) -> HttpResponse:
    from django.core.exceptions import PermissionDenied

    raise PermissionDenied


urlpatterns = [
    path("casse/", broken),
    path("panne/", outage),
    path("interdit/", forbidden),
    path("", include(urls)),
]


@pytest.fixture
def client(settings: Settings) -> Iterator[Client]:
    """A browser on a site that has a few broken pages."""
    settings.ROOT_URLCONF = __name__
    yield Client(raise_request_exception=False)
    set_urlconf(None)


STATUSES = {"/casse/": 500, "/panne/": 503, "/interdit/": 403, "/nulle-part/": 404, "/duels/inconnu/": 404}
LANGUAGES = {"fr": ("fr", "Mentions légales"), "en": ("en", "Legal notice")}


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", STATUSES)
def test_an_error_is_a_page_in_the_reader_s_language_with_a_way_on(
    client: Client, path: str, language: str
) -> None:
    response = client.get(path, headers={"Accept-Language": language})
    page = response.content.decode()
    assert response.status_code == STATUSES[path]
    assert f'<html lang="{LANGUAGES[language][0]}">' in page
    assert LANGUAGES[language][1] in page
    assert re.search(r"<h1>.{8,}</h1>", page)
    assert '<a class="button' in page


@pytest.mark.slow
def test_an_error_without_a_number_announces_none() -> None:
    page = server_error(RequestFactory().get("/")).content.decode()
    assert "Une erreur de notre côté" in page and "repère" not in page


def test_an_error_of_ours_is_shown_without_the_database_and_with_the_number_of_its_log_lines(
    client: Client, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """No database mark: a query would fail the test."""
    settings.LEGAL_EMAIL = "contact@duel.example"
    response = client.get("/casse/")
    page = response.content.decode()
    assert response.status_code == 500
    assert f"<code>{response['X-Request-ID']}</code>" in page
    assert "mailto:contact@duel.example" in page
    assert "inattendue" not in page


@pytest.mark.django_db
def test_an_error_page_asks_nothing_of_the_database(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for address in ("/nulle-part/", "/interdit/", "/panne/"):
        with django_assert_num_queries(0):
            client.get(address)


@pytest.mark.django_db
def test_a_form_from_elsewhere_gives_back_what_was_typed_but_not_to_send_in_one_click() -> None:
    strict = Client(enforce_csrf_checks=True)
    typed = "Une question <b>longue</b> à écrire"
    response = strict.post("/duels/", {"prompt": typed, "mode": "random"})
    page = response.content.decode()
    assert response.status_code == 403
    assert "Une question &lt;b&gt;longue&lt;/b&gt; à écrire</textarea>" in page
    assert page.count("<form") == page.count('<form class="languages"')
    assert 'href="/"' in page
    assert not Duel.objects.exists()


@pytest.mark.django_db
def test_a_refused_vote_leads_back_to_its_duel() -> None:
    strict = Client(enforce_csrf_checks=True)
    duel = cast.make_duel(cast.petit_3b(), cast.grand_70b(), visitor=cast.visitor_in(strict))
    page = strict.post(f"{duel.get_absolute_url()}vote/", {"choice": "a", "comment_a": "Clair"})
    assert f'href="{duel.get_absolute_url()}"' in page.content.decode()
    assert "Clair</textarea>" in page.content.decode()


@pytest.mark.django_db
def test_a_password_is_never_given_back() -> None:
    strict = Client(enforce_csrf_checks=True)
    page = strict.post("/admin/login/", {"username": "camille", "password": "azerty"}).content.decode()
    assert "azerty" not in page
    assert "camille" not in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    "form", ["vote/", "turns/", "stop/", "retry/", "second-vote/", "share/", "turns/1/a/reaction/"]
)
def test_the_address_of_a_form_leads_back_to_its_duel(client: Client, form: str) -> None:
    """After a refusal the form's own address stands in the bar: reloading it, or changing the language."""
    duel = cast.make_duel(cast.petit_3b(), cast.grand_70b(), visitor=cast.visitor_in(client))
    response = client.get(duel.get_absolute_url() + form, follow=True)
    assert response.redirect_chain == [(duel.get_absolute_url(), 302)]
    assert Answer.objects.filter(state=Answer.State.DONE).count() == 2


@pytest.mark.django_db
def test_a_program_that_asks_with_a_wrong_method_is_still_refused(client: Client) -> None:
    assert client.delete("/").status_code == 405
    assert client.put("/a-propos/").status_code == 405


@pytest.mark.django_db
def test_an_address_that_is_no_host_of_ours_is_a_page_in_words(client: Client) -> None:
    response = client.get("/", headers={"Host": "ailleurs.example", "Accept-Language": "en"})
    assert response.status_code == 400
    assert "Nothing was saved." in response.content.decode()


@pytest.mark.django_db
def test_a_duel_that_does_not_open_says_why(client: Client) -> None:
    assert "dans le navigateur qui l’a lancé" in client.get("/duels/abc/").content.decode()
    assert "dans le navigateur qui l’a lancé" not in client.get("/nulle-part/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "way_on"),
    [
        ("/modeles/abc/", "/modeles/"),
        ("/classement/duels/", "/classement/"),
        ("/classement/modeles/abc/", "/classement/"),
        ("/classement/classement.csv", "/classement/"),
    ],
)
def test_a_page_that_has_nothing_to_show_leads_to_the_list_it_is_of(
    client: Client, address: str, way_on: str
) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert f'<a class="button" href="{way_on}">' in response.content.decode()
