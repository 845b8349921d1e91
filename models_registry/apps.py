"""Django application of the models registry."""

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ModelsRegistryConfig(AppConfig):
    name = "models_registry"
    verbose_name = _("Registre des modèles")

    def ready(self) -> None:
        from models_registry.checks import enabled_models_are_usable
        from models_registry.permissions import grant_permissions

        checks.register(enabled_models_are_usable, checks.Tags.database)
        post_migrate.connect(grant_permissions, sender=self)
