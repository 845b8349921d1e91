import os
import time
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import get_finder
from django.core.management import CommandError
from django.db import OperationalError, connection
from django.utils import translation
from pytest_django.fixtures import Settings

from conso_duel.embedded import setup
from conso_duel.embedded.processes import RunFailed
from models_registry.models import Endpoint, LanguageModel
from tests.services.static_files import UNCOMPRESSED


@pytest.fixture(autouse=True)
def uncompressed_files(settings: Settings) -> None:
    """Each preparation collects the static files."""
    for name, value in UNCOMPRESSED.items():
        setattr(settings, name, value)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_registry_is_loaded_once_and_the_local_models_answer_where_they_are_served(
    capfd: pytest.CaptureFixture[str],
) -> None:
    ports = {"smollm2-135m-instruct": 8101, "gemma-3-270m": 8102}
    setup.prepare(ports)
    assert addresses() == {slug: [f"http://127.0.0.1:{port}/v1"] for slug, port in ports.items()}
    setup.prepare({"gemma-3-270m": 8199})
    assert addresses()["gemma-3-270m"] == ["http://127.0.0.1:8199/v1"]
    assert "Attention" not in capfd.readouterr().err
    Endpoint.objects.update(api_key_env="CLE_QUE_PERSONNE_NE_DONNE")
    setup.prepare({})
    assert "CONSO_MODEL_KEYS=CLE_QUE_PERSONNE_NE_DONNE=127.0.0.1" in capfd.readouterr().err


def addresses() -> dict[str, list[str]]:
    """Where each model that can play is served."""
    return {
        model.slug: list(model.endpoints.values_list("base_url", flat=True))
        for model in LanguageModel.objects.playable()
    }


@pytest.mark.parametrize("error", [OperationalError, CommandError])
def test_a_failed_preparation_is_reported_in_one_line(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(command: str, **options: object) -> None:
        raise error("connection refused\nIs the server running?\n")

    monkeypatch.setattr(setup, "call_command", fail)
    with pytest.raises(RunFailed) as failure:
        setup.prepare({})
    assert str(failure.value) == "La préparation a échoué\u00a0: connection refused"


@pytest.mark.slow
@pytest.mark.django_db
def test_a_database_that_refuses_is_reported_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
    monkeypatch.setitem(connection.settings_dict, "PORT", "9")
    with (
        pytest.raises(RunFailed, match=r"refuse la connexion.*port 9 failed: Connection refused"),
        translation.override("fr"),
    ):
        setup.check_database()


def test_static_files_are_collected_again_when_one_is_newer_than_the_manifest(
    tmp_path: Path, settings: Settings
) -> None:
    (tmp_path / "sources").mkdir()
    source = tmp_path / "sources" / "page.css"
    source.write_text("p {}")
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATICFILES_DIRS = [tmp_path / "sources"]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    get_finder.cache_clear()
    try:
        assert not setup.are_static_files_current()
        settings.STATIC_ROOT.mkdir()
        (settings.STATIC_ROOT / "staticfiles.json").write_text("{}")
        assert setup.are_static_files_current()
        later = time.time() + 60
        os.utime(source, (later, later))
        assert not setup.are_static_files_current()
    finally:
        get_finder.cache_clear()
