"""The Celery application: answers are written by its workers."""

import gc
import os
from typing import Any

from celery import Celery
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conso_duel.settings")
app = Celery("conso_duel")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def give_signs_of_life(sender: Any, **_: Any) -> None:
    """From Celery's own clock, which begins afresh when the worker has lost its broker and found it again."""
    from conso_duel.operations.workers import HEARTBEAT_PERIOD_SECONDS, record_worker_heartbeat

    name = f"{sender.hostname}:{os.getpid()}"
    record_worker_heartbeat(name)
    sender.timer.call_repeatedly(HEARTBEAT_PERIOD_SECONDS, record_worker_heartbeat, (name,))


@worker_ready.connect
def let_stand(**_: Any) -> None:
    """What stands now stands until the end: not to be walked through by each collection of garbage."""
    gc.freeze()
