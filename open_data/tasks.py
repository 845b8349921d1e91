"""Celery tasks of the open data."""

from importlib import import_module

from celery import shared_task
from django.utils import timezone


@shared_task
def publish_open_data() -> None:
    publication = import_module("open_data.publication")  # loads a Parquet library of 73 MB
    publication.publish(timezone.now())
