"""Celery tasks of the leaderboard."""

from celery import shared_task

from leaderboard.ranking.publish import compute_due


@shared_task
def compute_leaderboard() -> None:
    compute_due()
