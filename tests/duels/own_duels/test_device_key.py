"""The key that brings duels to another device: hostile files are refused, nobody's duels are taken over."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from duels import visitors
from duels.models import Duel
from duels.own_duels.device_key import write_key
from tests import cast

pytestmark = pytest.mark.django_db


def bring(client: Client, data: bytes) -> HttpResponse:
    return client.post("/duels/apporter/", {"key": SimpleUploadedFile("cle.json", data)})


def test_the_duels_move_to_the_browser_that_brings_their_key(client: Client) -> None:
    old = Client()
    duel = cast.make_duel(cast.petit_3b(), cast.grand_70b(), visitor=cast.visitor_in(old))
    key = old.get("/duels/cle/")
    assert "no-store" in key["Cache-Control"]
    assert bring(client, key.content).status_code == 303
    assert client.get(duel.get_absolute_url()).status_code == 200
    assert duel.get_absolute_url() not in old.get("/duels/").content.decode()
    assert bring(Client(), key.content).status_code == 422  # used up


def test_a_key_of_somebody_else_gives_its_maker_none_of_this_browsers_duels(client: Client) -> None:
    maker = Client()
    theirs = cast.make_duel(cast.petit_3b(), cast.grand_70b(), visitor=cast.visitor_in(maker))
    mine = Duel.objects.create(visitor=cast.visitor_in(client))
    token = client.cookies[visitors.COOKIE].value
    bring(client, maker.get("/duels/cle/").content)
    assert client.cookies[visitors.COOKIE].value == token
    owners = set(Duel.objects.filter(pk__in=(mine.pk, theirs.pk)).values_list("visitor", flat=True))
    assert owners == {visitors.hash_token(token)}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"[" * 1_900,
        b"x" * 5_000,
        b"null",
        b'{"duels": []}',
        json.dumps({"kind": "conso-duel-key", "token": ["a"]}).encode(),
        json.dumps({"kind": "conso-duel-key", "token": "<script>"}).encode(),
        json.dumps({"kind": "conso-duel-key", "token": cast.A_VISITOR}).encode(),
        write_key(visitors.new_token()).encode(),
    ],
    ids=(
        "empty",
        "not UTF-8",
        "nested",
        "too long",
        "null",
        "another file",
        "a list as token",
        "HTML as token",
        "a digest as token",
        "a token without duels",
    ),
)
def test_any_other_file_is_refused_with_a_sentence(client: Client, data: bytes) -> None:
    cast.make_duel(cast.petit_3b(), cast.grand_70b())
    response = bring(client, data)
    assert response.status_code == 422 and "notice-alert" in response.content.decode()
    assert visitors.COOKIE not in response.cookies
    assert Duel.objects.get().visitor == cast.A_VISITOR


def test_without_duels_there_is_no_key_and_without_a_file_a_sentence(client: Client) -> None:
    assert client.get("/duels/cle/").status_code == 303
    assert client.post("/duels/apporter/").status_code == 422
