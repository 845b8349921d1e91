"""The states of answers in the database."""

from datetime import timedelta

from duels.models import Answer

LONG_AGO = timedelta(minutes=10)


def states() -> dict[str, tuple[str, str]]:
    """State and failure by side."""
    return {row.side: (row.state, row.failure) for row in Answer.objects.all()}
