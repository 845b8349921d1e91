"""What the clock asks of the whole site."""

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from duels import deletion


@shared_task
def delete_expired() -> None:
    """Duels older than the site keeps any, and the sessions that have expired."""
    deletion.delete_expired(timezone.now())
    call_command("clearsessions")
