"""System check of the registry; runs with `manage.py check --database default`."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.db import DatabaseError
from django.utils.translation import gettext as _

from models_registry.models import Endpoint, LanguageModel


def enabled_models_are_usable(
    app_configs: Sequence[AppConfig] | None, databases: Iterable[str] | None = None, **options: Any
) -> list[checks.CheckMessage]:
    """Warn about enabled models with a missing or refused API key, and those with incomplete facts."""
    if not databases:
        return []
    try:
        return [*_missing_keys(), *_incomplete_models()]
    except DatabaseError:  # before the first migration there is nothing to check
        return []


def _missing_keys() -> Iterator[checks.Warning]:
    """One warning per endpoint with a refused key, one per missing variable for all its models together."""
    waiting: dict[str, list[Endpoint]] = {}
    endpoints = Endpoint.objects.filter(enabled=True, model__status=LanguageModel.Status.ENABLED)
    for endpoint in endpoints.exclude(api_key_env="").select_related("model"):
        if endpoint.has_refused_key:
            yield checks.Warning(
                _("%(model)s est activé, mais ne sera pas interrogé.") % {"model": endpoint.model},
                hint=endpoint.key_issue,
                obj=endpoint,
                id="models_registry.W003",
            )
        elif endpoint.missing_key:
            waiting.setdefault(endpoint.api_key_env, []).append(endpoint)
    for name, without_key in waiting.items():
        models = ", ".join(sorted({str(endpoint.model) for endpoint in without_key}))
        urls = ", ".join(sorted({endpoint.base_url for endpoint in without_key}))
        yield checks.Warning(
            _(
                "La variable %(name)s manque dans l’environnement. "
                "En attendant, pas de tirage pour : %(models)s."
            )
            % {"name": name, "models": models},
            hint=_("Donnez-lui la clé de %(url)s, ou désactivez ces points d’accès.") % {"url": urls},
            obj=without_key[0],
            id="models_registry.W001",
        )


def _incomplete_models() -> Iterator[checks.Warning]:
    for model in LanguageModel.objects.filter(status=LanguageModel.Status.ENABLED):
        if issues := model.enable_blockers():
            yield checks.Warning(
                _("%(model)s est activé, mais sa fiche est incomplète.") % {"model": model},
                hint=" ".join(issue.message for issue in issues),
                obj=model,
                id="models_registry.W002",
            )
