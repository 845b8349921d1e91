"""Privacy: what is a visitor's own stays out of caches, files, logs and the words of a server."""

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import redis
from django.test import Client
from redis.backoff import NoBackoff
from redis.retry import Retry

from conso_duel.embedded.lock import locked
from conso_duel.embedded.ports import free_port
from conso_duel.embedded.processes import ProcessGroup, wait_until_ready
from conso_duel.embedded.services import valkey_service
from duels import deletion, visitors
from duels.models import Duel, Reaction, Vote
from models_registry.models import Endpoint
from tests import cast
from tests.duels.conftest import PETIT
from tests.upstream import Upstream, refuses
from tests.visitor import Visitor

SECRET = "mon numéro de dossier est le 31415"


@pytest.mark.usefixtures("worker", "trio")
@pytest.mark.parametrize("status", [400, 500])
def test_a_server_that_quotes_the_question_leaves_no_trace_of_it(
    web: str, upstream: Upstream, status: int
) -> None:
    upstream.play(PETIT, refuses(status, f"this is refused: {SECRET}"))
    with Visitor(web) as visitor:
        page = visitor.post("/duels/", prompt=SECRET, mode="chosen", first=PETIT, second="grand-70b")
        visitor.follow(page.url.path)
    deletion.delete(Duel.objects.all())
    stored = Endpoint.objects.get(provider_model=PETIT).last_error
    assert str(status) in stored
    assert "31415" not in stored


@pytest.mark.django_db
def test_a_visitor_downloads_their_duels_and_no_others(client: Client) -> None:
    models = cast.petit_3b(), cast.grand_70b()
    visitor = cast.visitor_in(client)
    voted = cast.make_duel(*models, prompt="La première", visitor=visitor)
    cast.vote(voted, Vote.Choice.B)
    blind = cast.make_duel(*models, prompt="La seconde", visitor=visitor)
    Reaction.objects.create(answer=blind.last_turn.answers.all()[0], liking="like", reasons=["useful"])
    cast.make_duel(*models, prompt="D’une autre")
    response = client.get("/duels/mes-duels.json")
    assert response["Content-Disposition"] == 'attachment; filename="mes-duels.json"'
    assert "no-store" in response["Cache-Control"]
    downloaded = json.loads(response.content)
    newest, oldest = downloaded["duels"]
    assert [duel["turns"][0]["prompt"] for duel in (newest, oldest)] == ["La seconde", "La première"]
    assert oldest["vote"]["choice"] == "b"
    assert oldest["turns"][0]["answers"][0]["model"] == "Petit-3B"
    assert newest["turns"][0]["answers"][0]["reaction"]["liking"] == "like"
    assert downloaded["reasons"][newest["turns"][0]["answers"][0]["reaction"]["reasons"][0]] == "utile"
    assert "Petit" not in json.dumps(newest)
    assert set(newest["turns"][0]["answers"][1]) == {"side", "state", "text"}
    assert json.loads(Client().get("/duels/mes-duels.json").content)["duels"] == []


@pytest.mark.django_db
def test_pages_of_one_visitor_are_stored_in_no_cache_and_public_ones_may_be(client: Client) -> None:
    duel = cast.make_duel(cast.petit_3b(), cast.grand_70b(), visitor=cast.visitor_in(client))
    for path in ("/duels/", "/duels/delete/", duel.get_absolute_url(), f"{duel.get_absolute_url()}delete/"):
        assert "no-store" in client.get(path)["Cache-Control"]
    assert "no-store" not in client.get("/").get("Cache-Control", "")


def test_over_https_cookies_have_names_that_bind_them_to_this_host(tmp_path: Path) -> None:
    script = (
        "from django.conf import settings; from duels.visitors import COOKIE;"
        "names = ('SESSION', 'CSRF', 'LANGUAGE');"
        "print(COOKIE, *(getattr(settings, f'{name}_COOKIE_NAME') for name in names))"
    )
    environment = {
        "DJANGO_SETTINGS_MODULE": "conso_duel.settings",
        "CONSO_PRODUCTION": "1",
        "CONSO_SECRET_KEY": "x" * 50,
        "CONSO_STATE_DIR": str(tmp_path),
    }
    command = [sys.executable, "-c", script]
    found = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert all(name.startswith("__Host-") for name in found.stdout.split())


@pytest.mark.django_db
def test_a_cookie_of_an_older_version_still_opens_its_duels(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    duel = cast.make_duel(cast.petit_3b(), cast.grand_70b(), visitor=cast.visitor_in(client))
    monkeypatch.setattr(visitors, "COOKIE", "__Host-visitor")
    assert client.get(duel.get_absolute_url()).status_code == 200


def test_the_state_folder_is_its_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    (folder / "logs").mkdir(parents=True, mode=0o755)
    for name in ("secret_key", "conso_duel.sqlite3", "logs/web.log"):
        (folder / name).touch(mode=0o644)
    with locked(folder):
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*")}
    assert stat.S_IMODE(folder.stat().st_mode) == modes.pop("logs") == 0o700
    assert {mode & 0o077 for mode in modes.values()} == {0}


def test_the_embedded_valkey_asks_for_a_password_that_no_list_of_processes_shows(tmp_path: Path) -> None:
    port, group = free_port(), ProcessGroup()
    service = valkey_service(port, tmp_path, "mot-de-passe")
    try:
        child = group.start("valkey", service.command, tmp_path / "valkey.log")
        wait_until_ready(child, lambda: service.is_ready(child.log), 10)
        assert redis.Redis(port=port, password="mot-de-passe").ping()
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=port, retry=Retry(NoBackoff(), 0)).ping()
    finally:
        group.close()
    assert "mot-de-passe" not in " ".join(map(str, service.command))
    assert stat.S_IMODE((tmp_path / "valkey.conf").stat().st_mode) == 0o600
