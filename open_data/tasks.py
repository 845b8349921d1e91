"""Celery tasks of the open data."""

from importlib import import_module

from celery import shared_task
from django.utils import timezone


@shared_task
def publish_open_data() -> None:
    import_module("open_data.publication").publish(
        timezone.now()
    )  # its Parquet library takes 73 MB: loaded when needed
