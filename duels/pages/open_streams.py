"""How many streams of events each visitor, each address and each room keeps open in this process."""

from collections import Counter
from collections.abc import Mapping
from threading import Lock
from typing import Any

from django.conf import settings
from django.http import StreamingHttpResponse

from duels.rate_limits import Requester


class OpenStreams:
    """Counts by subject: a visitor, an address."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._lock = Lock()  # streams are opened in page threads and closed on the event loop

    def enter(self, limits: Mapping[str, int]) -> list[str] | None:
        """Count one more stream of each subject, of at most so many; what `leave` takes, None beyond."""
        with self._lock:
            if any(self._counts[subject] >= most for subject, most in limits.items()):
                return None
            self._counts.update(limits.keys())
        return list(limits)

    def leave(self, subjects: list[str]) -> None:
        with self._lock:
            self._counts -= Counter(subjects)


def stream_limits(requester: Requester) -> dict[str, int]:
    """How many streams of duels the visitor and the address may keep open."""
    limits = {requester.address: settings.LIMIT_STREAMS_ADDRESS}
    if requester.visitor:
        limits[requester.visitor] = settings.LIMIT_STREAMS_SESSION
    return limits


class CountedResponse(StreamingHttpResponse):
    """A stream that is counted until it is closed."""

    def __init__(self, *args: Any, counted: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self._counted = counted

    def close(self) -> None:
        super().close()
        open_streams.leave(self._counted)
        self._counted = []


open_streams = OpenStreams()
