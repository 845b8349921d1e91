"""Django's view of this package."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class LeaderboardConfig(AppConfig):
    name = "leaderboard"
    verbose_name = _("Classement")

    def ready(self) -> None:
        from models_registry import curators

        post_migrate.connect(curators.give_rights, sender=self)
