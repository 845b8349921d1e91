"""What can be wrong with the registry when the site starts: told by `manage.py check --database default`."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.db import DatabaseError

from models_registry import api_keys
from models_registry.models import Endpoint, LanguageModel


def register_all() -> None:
    checks.register(enabled_models_can_play, checks.Tags.database)


def enabled_models_can_play(
    app_configs: Sequence[AppConfig] | None, databases: Iterable[str] | None = None, **_: Any
) -> list[checks.CheckMessage]:
    """One warning per enabled model that lacks its key, names what is none, or has an incomplete sheet."""
    if not databases:
        return []
    try:
        return [*_missing_keys(), *_incomplete_models()]
    except DatabaseError:  # before the first migration there is nothing to check
        return []


def _missing_keys() -> Iterator[checks.Warning]:
    endpoints = Endpoint.objects.filter(enabled=True, model__status=LanguageModel.Status.ENABLED)
    for endpoint in endpoints.exclude(api_key_env="").select_related("model"):
        if not api_keys.is_allowed(endpoint.api_key_env):
            yield checks.Warning(
                f"{endpoint.model} est activé, mais ne sera pas interrogé.",
                hint=api_keys.refusal_message(endpoint.api_key_env),
                obj=endpoint,
                id="models_registry.W003",
            )
        elif endpoint.missing_key:
            yield checks.Warning(
                f"{endpoint.model} est activé, mais la variable {endpoint.api_key_env} "
                "manque dans l’environnement.",
                hint=f"Donnez-lui la clé de {endpoint.base_url}, ou désactivez ce point d’accès.",
                obj=endpoint,
                id="models_registry.W001",
            )


def _incomplete_models() -> Iterator[checks.Warning]:
    for model in LanguageModel.objects.filter(status=LanguageModel.Status.ENABLED):
        if faults := model.enable_blockers():
            yield checks.Warning(
                f"{model} est activé, mais sa fiche est incomplète.",
                hint=" ".join(fault.sentence for fault in faults),
                obj=model,
                id="models_registry.W002",
            )
