"""The Content-Security-Policy: the same strict one on every response."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db

STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@pytest.mark.parametrize("path", ["/", "/nulle-part/", "/sante/", "/admin/login/", "/duels/"])
def test_every_response_has_the_strict_policy(client: Client, path: str) -> None:
    assert client.get(path)["Content-Security-Policy"] == STRICT


def test_the_error_pages_of_developers_may_hold_their_styles(client: Client, settings: Settings) -> None:
    settings.DEBUG = True
    assert "Content-Security-Policy" not in client.get("/nulle-part/")
    assert client.get("/")["Content-Security-Policy"] == STRICT
