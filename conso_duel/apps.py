"""Django's view of this package."""

from django.apps import AppConfig


class ConsoDuelConfig(AppConfig):
    name = "conso_duel"

    def ready(self) -> None:
        """Tasks find their Celery, imported here so that what needs none starts without it; and checks."""
        import conso_duel.celery
        import conso_duel.operations.checks  # noqa: F401
