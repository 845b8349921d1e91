"""Django's view of this package."""

from django.apps import AppConfig


class ConsoDuelConfig(AppConfig):
    name = "conso_duel"

    def ready(self) -> None:
        """Tasks find their Celery; imported here, so that what needs no Celery starts without it."""
        import conso_duel.celery  # noqa: F401
