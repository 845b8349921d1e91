"""Limits, caches, other origins and pages of lists, around every operation."""

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from learn.glossary import TERMS
from tests.api.client import PROBLEM, get

GLOSSARY = "/api/v1/glossary"

pytestmark = pytest.mark.django_db


def test_any_origin_may_read_and_no_cookie_is_set(client: Client) -> None:
    response = client.get(GLOSSARY, headers={"Origin": "https://ailleurs.example"})
    assert response["Access-Control-Allow-Origin"] == "*"
    assert not response.cookies
    asked = client.options(GLOSSARY, headers={"Access-Control-Request-Method": "GET"})
    assert asked.status_code == 204 and "GET" in asked["Access-Control-Allow-Methods"]


def test_what_has_not_changed_is_not_sent_again(client: Client) -> None:
    first = client.get(GLOSSARY)
    again = client.get(GLOSSARY, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(GLOSSARY, {"limit": 1}, headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_written(client: Client, method: str) -> None:
    response = getattr(client, method)(GLOSSARY)
    assert (response.status_code, response["Content-Type"]) == (405, PROBLEM)
    assert "GET" in response["Allow"]


def test_the_limit_is_in_the_headers_and_holds(client: Client, settings: Settings) -> None:
    settings.LIMIT_API_PER_HOUR = 2
    first = client.get(GLOSSARY)
    assert first["RateLimit-Policy"] == '"api-address";q=2;w=3600'
    assert first["RateLimit"] == '"api-address";r=1;t=1800'
    assert client.get(GLOSSARY)["RateLimit"].startswith('"api-address";r=0;')
    refused = client.get(GLOSSARY)
    assert (refused.status_code, refused["Content-Type"]) == (429, PROBLEM)
    assert refused["RateLimit"].startswith('"api-address";r=0;')
    assert 1795 <= int(refused["Retry-After"]) <= 1800
    assert refused["Access-Control-Allow-Origin"] == "*"
    settings.LIMIT_API_PER_HOUR = 0
    assert "RateLimit" not in client.get(GLOSSARY)


def test_without_valkey_nothing_is_limited(client: Client, without_valkey: None) -> None:
    response = client.get(GLOSSARY)
    assert response.status_code == 200 and "RateLimit" not in response


def test_a_list_is_read_page_by_page(client: Client) -> None:
    address, seen = f"{GLOSSARY}?limit=7", []
    while address:
        response = client.get(address)
        page = response.json()
        seen += [term["key"] for term in page["items"]]
        assert page["total"] == len(TERMS)
        if page["next"]:
            assert f'<{page["next"]}>; rel="next"' in response["Link"]
        address = page["next"]
    assert seen == [term.key for term in TERMS]
    assert client.get(GLOSSARY, {"offset": 1_000}).json()["items"] == []


def test_a_database_that_does_not_answer_is_a_problem(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise OperationalError("no server")

    get("glossary")  # loads what answers
    monkeypatch.setattr("api.endpoints.registry.catalogue_entries", fail)
    response = client.get("/api/v1/models")
    assert (response.status_code, response["Content-Type"]) == (503, PROBLEM)
    assert int(response["Retry-After"]) > 0


def test_an_error_of_ours_is_a_problem_and_is_logged(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    get("glossary")
    monkeypatch.setattr("api.endpoints.registry.catalogue_entries", lambda: 1 / 0)
    response = client.get("/api/v1/models")
    assert (response.status_code, response["Content-Type"]) == (500, PROBLEM)
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize(
    ("language", "sentence"), [("fr", "Estimer une réponse"), ("en", "Estimate an answer")]
)
def test_the_page_says_what_the_description_says(client: Client, language: str, sentence: str) -> None:
    page = client.get(reverse("api:docs"), headers={"Accept-Language": language}).content.decode()
    description = get("openapi.json", {"lang": language})
    assert sentence in page
    for address, path in description["paths"].items():
        assert f"GET /api/v1{address}" in page
        assert all(f"<code>{each['name']}</code>" in page for each in path["get"]["parameters"][:1])
    assert description["openapi"].startswith("3.1")
    assert set(get("")["operations"]) == {
        path["get"]["operationId"] for path in description["paths"].values()
    }
