"""Wiring only: settings, addresses, entry points."""

from conso_duel.celery import app as celery_app

__all__ = ["celery_app"]
