"""The Celery application: answers are written by its workers."""

import gc
import os
from typing import Any

import redis
from celery import Celery
from celery.schedules import crontab
from celery.signals import worker_ready
from django.conf import settings
from kombu.transport.redis import Transport

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conso_duel.settings")
app = Celery("conso_duel")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# Not among the settings: `crontab` loads all of Celery, half the time of a process that only reads them.
app.conf.beat_schedule = {
    "fail-stale-answers": {
        "task": "duels.tasks.fail_stale",
        "schedule": settings.REAPER_PERIOD_SECONDS,
        # Minutes, not seconds: beat writes the hour of its own clock, the worker reads it by another.
        "options": {"expires": 600},
    },
    "compute-leaderboard": {
        "task": "leaderboard.tasks.compute_leaderboard",
        "schedule": crontab(minute=7),
        "options": {"expires": 3000},
    },
    "publish-open-data": {
        "task": "open_data.tasks.publish_open_data",
        "schedule": crontab(hour=4, minute=17),
        "options": {"expires": 3000},
    },
    "delete-expired": {
        "task": "conso_duel.tasks.delete_expired",
        "schedule": crontab(minute=37),
        "options": {"expires": 3000},
    },
}
# A server that fails over refuses commands for a moment, with errors (READONLY, UNBLOCKED) that kombu takes
# for a mistake of ours and that end a worker: it connects again instead, as after a lost connection.
Transport.connection_errors = (*Transport.connection_errors, redis.ResponseError)


@worker_ready.connect
def start_heartbeat(sender: Any, **_: Any) -> None:
    """Record heartbeats from the worker's own timer, which starts again after a lost broker."""
    from conso_duel.operations.workers import HEARTBEAT_PERIOD_SECONDS, record_worker_heartbeat

    name = f"{sender.hostname}:{os.getpid()}"
    record_worker_heartbeat(name)
    sender.timer.call_repeatedly(HEARTBEAT_PERIOD_SECONDS, record_worker_heartbeat, (name,))


@worker_ready.connect
def freeze_gc(**_: Any) -> None:
    """Leave what is loaded now out of every garbage collection: it lasts as long as the process."""
    gc.freeze()
