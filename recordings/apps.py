"""Application configuration: curators may edit recordings."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RecordingsConfig(AppConfig):
    name = "recordings"
    verbose_name = _("Duels enregistrés")
    # A replay is a visitor's.
    not_for_curators = ("replay",)

    def ready(self) -> None:
        from duels.pages.home_links import add_source
        from models_registry import permissions
        from recordings.daily_question import link_to_today

        add_source(link_to_today)
        post_migrate.connect(permissions.grant_permissions, sender=self)
