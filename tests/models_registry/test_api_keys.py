"""A variable of the environment is sent as a key to the hosts that the operator allows, and to no other."""

import ast
import asyncio
import os
import re
from pathlib import Path

import pytest
from django.core import checks
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django.fixtures import Settings

from backends.addresses import host_of
from backends.base import BackendError, Message, read_all
from backends.presets import PRESETS, Preset
from models_registry import api_keys
from models_registry.discovery.probe import probe
from models_registry.models import Endpoint, Health
from tests.cast import petit_3b
from tests.models_registry.admin.model_form import change_url, form_data
from tests.models_registry.admin.test_endpoints import press
from tests.test_house import ROOT, variables_read
from tests.upstream import Upstream, answer

SECRET = "ce-qui-ne-sort-pas"
OF_THE_SITE = (
    "CONSO_SECRET_KEY", "CONSO_METRICS_TOKEN", "DATABASE_URL", "REDIS_URL", "POSTGRES_PASSWORD", "PGPASSWORD",
    "DJANGO_SETTINGS_MODULE", "CELERY_BROKER_URL", "PYTHONPATH", "PATH", "HOME", "SMTP_PASSWORD", "AUTRE_URL",
)  # fmt: skip


def settings_variables() -> set[str]:
    """Names of the environment variables that the settings read, directly or through their readers."""
    files = [ROOT / "conso_duel" / name for name in ("settings.py", "environment.py", "run.py")]
    trees = (ast.parse(Path(file).read_text(encoding="utf-8")) for file in files)
    return {name for tree in trees for name in variables_read(ast.walk(tree)) if name}


@pytest.mark.parametrize("name", sorted({*OF_THE_SITE, *settings_variables()}))
def test_what_the_site_reads_from_its_environment_is_not_for_models(name: str) -> None:
    with pytest.raises(ValidationError, match=f"{name} appartient au site"):
        api_keys.validate_api_key_env(name)


@pytest.mark.parametrize("preset", [preset for preset in PRESETS if preset.api_key_env], ids=lambda p: p.slug)
def test_the_key_of_a_preset_goes_to_its_server_and_to_no_other(
    preset: Preset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(preset.api_key_env, "sk-1")
    assert api_keys.read_key(preset.api_key_env, preset.base_url) == "sk-1"
    host = host_of(preset.base_url)
    for url in (
        f"https://{host}.evil.example/v1",
        f"https://{host}@evil.example/v1",
        f"https://{host}\\@evil.example/v1",
        f"https://evil.example/{host}",
        f"https://evil.example#{host}",
        f"https://x{host}/v1",
        f"https://{host}./v1",
        "http://127.0.0.1:9/v1",
        "",
    ):
        assert api_keys.read_key(preset.api_key_env, url) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("place", "url", "is_allowed"),
    [
        ("vllm", "http://vllm:8000/v1", True),
        ("vllm:8000", "http://vllm:8000/v1", True),
        ("vllm:8000", "http://vllm/v1", False),
        ("vllm:8000", "http://vllm:8001/v1", False),
        ("vllm", "http://vllmx/v1", False),
        ("a.example", "https://aXexample/v1", False),
        ("a.example", "HTTPS://A.Example/v1", True),
        ("::1", "http://[::1]:8000/v1", True),
        ("[::1]:8000", "http://[::1]:8000/v1", True),
        ("[::1]:8000", "http://[::1]/v1", False),
        ("a.example", "https://a.example@evil.example/v1", False),
        ("a.example", "https://evil.example/https://a.example/", False),
    ],
)
def test_one_rule_in_python_and_in_sql(
    place: str, url: str, is_allowed: bool, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setenv("CLE_DU_LIEU", "sk-1")
    settings.MODEL_KEYS = {("CLE_DU_LIEU", place)}
    petit_3b(url).endpoints.update(api_key_env="CLE_DU_LIEU")
    assert api_keys.is_allowed("CLE_DU_LIEU", url) is is_allowed
    assert Endpoint.objects.available().exists() is is_allowed
    assert Endpoint.objects.get().is_available is is_allowed


@pytest.mark.slow
def test_a_curator_draws_no_variable_of_the_process_to_an_address_of_theirs(
    curator_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """« Tester », for every variable of this process and some that a server's environment has."""
    for name in ("AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "STRIPE_KEY", "OPENAI_API_KEY", "CONSO_SECRET_KEY"):
        monkeypatch.setenv(name, SECRET)
    with Upstream({"petit-3b": answer("Bonjour")}) as upstream:
        model = petit_3b(upstream.url)
        for name in filter(re.compile("[A-Z][A-Z0-9_]*").fullmatch, sorted(os.environ)):
            probe_data = form_data(curator_client, change_url(model), **{"endpoints-0-api_key_env": name})
            page = press(curator_client, "endpoints-0", probe_data)
            assert f"La variable {name}" in page or f"la variable {name}" in page
            assert SECRET not in page
        assert upstream.requests == []
        assert "CONSO_MODEL_KEYS=STRIPE_KEY=127.0.0.1" in press(
            curator_client,
            "endpoints-0",
            form_data(curator_client, change_url(model), **{"endpoints-0-api_key_env": "STRIPE_KEY"}),
        )


@pytest.mark.parametrize("name", ["CONSO_SECRET_KEY", "DATABASE_URL", "OPENAI_API_KEY", "STRIPE_KEY"])
def test_a_row_that_nobody_validated_sends_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, SECRET)
    with Upstream({"petit-3b": answer("Bonjour")}) as upstream:
        endpoint = Endpoint(base_url=upstream.url, provider_model="petit-3b", api_key_env=name)
        result = probe(endpoint)
        with pytest.raises(BackendError, match="unauthorized"):
            asyncio.run(read_all(endpoint.backend().stream([Message("user", "?")])))
        assert upstream.requests == []
    assert f"variable {name}" in result.error
    assert SECRET not in f"{result!r} {endpoint.backend()!r}"
    assert (endpoint.missing_key, endpoint.health) == (name, Health.NO_KEY)


def test_discovery_sends_nothing_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSO_METRICS_TOKEN", SECRET)
    with Upstream({"petit-3b": answer("Bonjour")}) as upstream:
        with pytest.raises(CommandError, match="CONSO_METRICS_TOKEN appartient au site"):
            call_command("discover", upstream.url, "--api-key-env", "CONSO_METRICS_TOKEN")
        assert upstream.requests == []


@pytest.mark.django_db
def test_an_enabled_model_with_such_a_name_is_reported_at_the_start() -> None:
    petit_3b().endpoints.update(api_key_env="DATABASE_URL")
    warnings = checks.run_checks(tags=[checks.Tags.database], databases=["default"])
    (warning,) = (warning for warning in warnings if warning.id == "models_registry.W003")
    assert "DATABASE_URL appartient au site" in str(warning.hint)
