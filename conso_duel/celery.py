"""The Celery application: answers are written by its workers."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conso_duel.settings")
app = Celery("conso_duel")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
