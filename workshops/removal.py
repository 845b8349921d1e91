"""The end of a workshop: its code stops working, and later, or at once, all that belongs to it is deleted."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F

from duels import deletion
from duels.models import Duel
from workshops.models import Workshop


def end_workshop(workshop: Workshop, now: datetime) -> None:
    """Nobody joins or votes any more; the debrief can be read until the workshop is deleted."""
    Workshop.objects.filter(pk=workshop.pk, ended_at=None).update(ended_at=now, version=F("version") + 1)


def delete_workshop(workshop: Workshop) -> None:
    """Delete the workshop, its seats and ballots, and its duels but those given to the open data."""
    deletion.delete(Duel.objects.filter(workshop_round__workshop=workshop, in_open_data=False))
    workshop.delete()


def delete_silent(now: datetime) -> int:
    """Delete the workshops without a sign for WORKSHOP_HOURS; returns how many."""
    silent = Workshop.objects.filter(active_at__lt=now - timedelta(hours=settings.WORKSHOP_HOURS))
    for workshop in silent:
        delete_workshop(workshop)
    return len(silent)
