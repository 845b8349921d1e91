"""Django's view of this package."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ModelsRegistryConfig(AppConfig):
    name = "models_registry"
    verbose_name = _("Registre des modèles")

    def ready(self) -> None:
        from models_registry import checks, permissions

        checks.register_all()
        post_migrate.connect(permissions.grant_permissions, sender=self)
