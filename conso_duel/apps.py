"""The application of this package."""

from django.apps import AppConfig


class ConsoDuelConfig(AppConfig):
    name = "conso_duel"

    def ready(self) -> None:
        """Register the checks, and load Celery so that the tasks bind to it."""
        import conso_duel.celery
        import conso_duel.operations.checks  # noqa: F401
