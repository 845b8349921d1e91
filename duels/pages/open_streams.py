"""How many streams of events each visitor and each address keeps open in this process."""

from collections import Counter
from threading import Lock
from typing import Any

from django.conf import settings
from django.http import StreamingHttpResponse

from duels.rate_limits import Requester


class OpenStreams:
    """Counts by visitor and by address, of at most LIMIT_STREAMS_SESSION and LIMIT_STREAMS_ADDRESS each."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._lock = Lock()  # streams are opened in page threads and closed on the event loop

    def enter(self, requester: Requester) -> list[str] | None:
        """Count one more stream; what `leave` takes, or None where there are too many."""
        limits = {requester.address: settings.LIMIT_STREAMS_ADDRESS}
        if requester.visitor:
            limits[requester.visitor] = settings.LIMIT_STREAMS_SESSION
        with self._lock:
            if any(self._counts[subject] >= most for subject, most in limits.items()):
                return None
            self._counts.update(limits.keys())
        return list(limits)

    def leave(self, subjects: list[str]) -> None:
        with self._lock:
            self._counts -= Counter(subjects)


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
