"""Periodic tasks of the whole site."""

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from duels import deletion


@shared_task
def delete_expired() -> None:
    """Delete duels that are older than KEEP_DUELS_DAYS, and expired sessions."""
    deletion.delete_expired(timezone.now())
    call_command("clearsessions")
