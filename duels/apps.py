"""Django's view of this package."""

from django.apps import AppConfig


class DuelsConfig(AppConfig):
    name = "duels"
    verbose_name = "Duels"
