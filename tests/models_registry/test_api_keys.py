"""No variable of the site or of its machine is ever sent to a model's server."""

import ast
from pathlib import Path

import pytest
from django.core import checks
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from backends.presets import PRESETS
from models_registry import api_keys
from models_registry.discovery.probe import probe
from models_registry.models import Endpoint
from tests.cast import petit_3b
from tests.test_house import ROOT, variables_read
from tests.upstream import Upstream, answer

SECRET = "ce-qui-ne-sort-pas"
OF_THE_SITE = (
    "CONSO_SECRET_KEY", "CONSO_METRICS_TOKEN", "DATABASE_URL", "REDIS_URL", "POSTGRES_PASSWORD", "PGPASSWORD",
    "DJANGO_SETTINGS_MODULE", "CELERY_BROKER_URL", "PYTHONPATH", "PATH", "HOME", "SMTP_PASSWORD", "AUTRE_URL",
)  # fmt: skip
OF_MODELS = (
    "CLE_DE_PETIT",
    "CLE_ABSENTE",
    "AZURE_OPENAI_API_KEY",
    "AWS_BEARER_TOKEN_BEDROCK",
    "HF_TOKEN",
    "",
)


def settings_variables() -> set[str]:
    """Names of the environment variables that the settings read, directly or through their readers."""
    files = [ROOT / "conso_duel" / name for name in ("settings.py", "environment.py", "run.py")]
    trees = (ast.parse(Path(file).read_text(encoding="utf-8")) for file in files)
    return {name for tree in trees for name in variables_read(tree) if name}


@pytest.mark.parametrize("name", sorted({*OF_THE_SITE, *settings_variables()}))
def test_what_the_site_is_told_is_not_for_models(name: str) -> None:
    with pytest.raises(ValidationError, match=f"{name} appartient au site"):
        api_keys.validate_api_key_env(name)


@pytest.mark.parametrize("name", sorted({*OF_MODELS, *(preset.api_key_env for preset in PRESETS)}))
def test_the_key_of_a_model_may_have_its_usual_name(name: str) -> None:
    api_keys.validate_api_key_env(name)


@pytest.mark.parametrize("name", ["CONSO_SECRET_KEY", "DATABASE_URL", "POSTGRES_PASSWORD"])
def test_a_row_that_nobody_validated_sends_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, SECRET)
    with Upstream({"petit-3b": answer("Bonjour")}) as upstream:
        endpoint = Endpoint(base_url=upstream.url, provider_model="petit-3b", api_key_env=name)
        result = probe(endpoint)
        assert upstream.requests == []
    assert f"{name} appartient au site" in result.detail
    assert SECRET not in f"{result!r} {endpoint.backend()!r}"
    assert endpoint.missing_key == name


def test_discovery_sends_nothing_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSO_METRICS_TOKEN", SECRET)
    with Upstream({"petit-3b": answer("Bonjour")}) as upstream:
        with pytest.raises(CommandError, match="CONSO_METRICS_TOKEN appartient au site"):
            call_command("discover", upstream.url, "--api-key-env", "CONSO_METRICS_TOKEN")
        assert upstream.requests == []


@pytest.mark.django_db
def test_an_enabled_model_with_such_a_name_is_told_at_the_start() -> None:
    petit_3b().endpoints.update(api_key_env="DATABASE_URL")
    warnings = checks.run_checks(tags=[checks.Tags.database], databases=["default"])
    (warning,) = (warning for warning in warnings if warning.id == "models_registry.W003")
    assert "DATABASE_URL appartient au site" in str(warning.hint)
