"""« Importer un paquet » in the admin."""

import copy
import json

import pytest
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from models_registry import permissions
from recordings.admin import upload
from recordings.models import Recording
from recordings.pack_format import Pack, RecordedDuel
from recordings.recorder import make_pack

pytestmark = pytest.mark.django_db
UPLOAD = reverse("admin:recordings_recording_upload")
LIST = reverse("admin:recordings_recording_changelist")


@pytest.fixture
def curator_client(client: Client) -> Client:
    """A member of « Curateurs » with no other right."""
    user = User.objects.create_user("camille", is_staff=True)
    user.groups.add(Group.objects.get(name=permissions.GROUP))
    client.force_login(user)
    return client


@pytest.fixture
def pack(recorded: RecordedDuel) -> Pack:
    """Two duels: one that can be played here, one of a model that the registry does not know."""
    unknown = copy.deepcopy(recorded)
    unknown["models"]["a"]["slug"] = unknown["models"]["a"]["name"] = "jamais-vu-9b"
    return make_pack([recorded, unknown], "Un paquet", "Le lycée")


def send(client: Client, content: bytes, **typed: str) -> HttpResponse:
    file = SimpleUploadedFile("paquet.json", content)
    return client.post(UPLOAD, {"file": file, **typed}, follow=True)


def test_a_pack_is_imported_and_each_refusal_is_a_sentence(curator_client: Client, pack: Pack) -> None:
    assert f'href="{UPLOAD}"' in curator_client.get(LIST).content.decode()
    html = send(curator_client, json.dumps(pack).encode()).content.decode()
    assert "1 duel importé." in html
    assert "1 duel refusé\xa0: un modèle n’est pas dans le registre de ce site." in html
    recording = Recording.objects.get()
    assert (recording.pack_title, recording.maker, recording.is_offered) == ("Un paquet", "Le lycée", False)
    again = send(curator_client, json.dumps(pack).encode()).content.decode()
    assert "1 duel était déjà là." in again
    assert Recording.objects.count() == 1


def test_a_curator_may_offer_it_at_once(curator_client: Client, pack: Pack) -> None:
    send(curator_client, json.dumps(pack).encode(), is_offered="on")
    assert Recording.objects.get().is_offered


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "vide"),
        (b"pas du JSON", "n’est pas un paquet"),
        (b"{}", "n’est pas un paquet"),
        (b"[" * 100_000, "n’est pas un paquet"),
        (b'{"format": "conso-duel-registry", "version": 2}', "n’est pas un paquet"),
    ],
)
def test_what_is_no_pack_is_refused_in_a_sentence(curator_client: Client, content: bytes, words: str) -> None:
    response = send(curator_client, content)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Recording.objects.exists()


def test_a_file_that_is_too_large_is_not_read(
    curator_client: Client, monkeypatch: pytest.MonkeyPatch, pack: Pack
) -> None:
    assert upload.MAX_UPLOAD_BYTES == 5_000_000
    monkeypatch.setattr(upload, "MAX_UPLOAD_BYTES", 10)
    response = send(curator_client, json.dumps(pack).encode())
    assert response.status_code == 422
    assert "dépasse 5\u00a0Mo" in response.content.decode()
    assert not Recording.objects.exists()


def test_nobody_else_may_import(client: Client, pack: Pack) -> None:
    assert "/login/" in client.get(UPLOAD).headers["Location"]
    client.force_login(User.objects.create_user("sans-droit", is_staff=True))
    assert send(client, json.dumps(pack).encode()).status_code == 403
    assert not Recording.objects.exists()
