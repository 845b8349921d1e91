"""The curators' door: a few passwords may be tried, then one waits; the right one opens it as before."""

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from pytest_django.fixtures import Settings

from conso_duel.site.login import ATTEMPTS
from duels import valkey

pytestmark = pytest.mark.django_db

ADDRESS = "203.0.113.77"


@pytest.fixture(autouse=True)
def curator(settings: Settings) -> User:
    """Hashed fast: the tests try hundreds of passwords."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return User.objects.create_superuser("marie", password="la bonne")


def attempt(password: str, name: str = "marie", address: str = ADDRESS) -> HttpResponse:
    return Client().post("/admin/login/", {"username": name, "password": password}, REMOTE_ADDR=address)


def test_the_right_password_opens_the_door() -> None:
    response = attempt("la bonne")
    assert (response.status_code, response["Location"]) == (302, "/accounts/profile/")
    assert Client().get("/admin/")["Location"] == "/admin/login/?next=/admin/"
    assert "csrfmiddlewaretoken" in Client().get("/admin/login/").content.decode()


def test_after_ten_wrong_ones_even_the_right_one_waits() -> None:
    assert {attempt("une autre").status_code for _ in range(ATTEMPTS.count)} == {200}
    refused = attempt("la bonne")
    assert refused.status_code == 429
    assert "Trop de mots de passe ont été essayés. Revenez dans 2 minutes." in refused.content.decode()
    assert int(refused["Retry-After"]) <= 90
    assert attempt("la bonne", address="203.0.113.78").status_code == 302


def test_another_way_to_write_the_name_is_no_other_curator() -> None:
    names = (
        "marie",
        " marie",
        "marie\t",
        "MARIE",
        "ｍａｒｉｅ",
        "\u2003marie",
        "ＭＡＲＩＥ ",
        "\nMarie",
        "mᵃrie",
        "ma rie",
    )
    assert len(names) == ATTEMPTS.count
    assert {attempt("une autre", name=name).status_code for name in names} == {200}
    assert attempt("une autre", name="marie").status_code == 429
    assert attempt("une autre", name="\x1fmarie\x0b").status_code == 429


def test_the_right_password_forgives_the_wrong_ones() -> None:
    for _ in range(2):
        assert {attempt("une autre").status_code for _ in range(ATTEMPTS.count - 1)} == {200}
        assert attempt("la bonne").status_code == 302


def test_many_names_from_one_address_wait_too() -> None:
    statuses = [attempt("x", name=f"nom{number}").status_code for number in range(61)]
    assert statuses == [200] * 60 + [429]


@pytest.mark.slow
def test_one_name_from_many_addresses_waits_too() -> None:
    statuses = [attempt("x", address=f"198.51.100.{number}").status_code for number in range(201)]
    assert statuses == [200] * 200 + [429]


def test_neither_names_nor_addresses_are_stored() -> None:
    attempt("une autre")
    keys = list(valkey.client().scan_iter("*login*"))
    assert len(keys) == 3
    assert not [key for key in keys if "marie" in key or ADDRESS in key]


def test_without_valkey_curators_still_come_in(without_valkey: None) -> None:
    assert attempt("une autre").status_code == 200
    assert attempt("la bonne").status_code == 302
