"""Periodic tasks of the whole site."""

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from duels import deletion
from workshops.removal import delete_silent


@shared_task
def delete_expired() -> None:
    """Delete duels that are older than KEEP_DUELS_DAYS, workshops without a sign, and expired sessions."""
    delete_silent(timezone.now())
    deletion.delete_expired(timezone.now())
    call_command("clearsessions")
