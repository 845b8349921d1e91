"""Pace at which the text of an answer left for the page, stored so that the duel can be played again."""

import time
from collections.abc import Callable

PERIOD_MS = 300  # between two points: half of what an eye takes for a stop
MAX_POINTS = 200  # a longer answer keeps every second one, and so on: 3 kB at most
Point = tuple[int, int]  # milliseconds since the answer was asked for, characters shown


class ShownPace:
    """How many characters were shown at which moment; the last point is the whole text."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._started = clock, clock()
        self._period_ms = PERIOD_MS
        self.points: list[Point] = []

    def add(self, count: int) -> None:
        """Note that so many more characters are shown."""
        now = round((self._clock() - self._started) * 1000)
        shown = count + (self.points[-1][1] if self.points else 0)
        if len(self.points) > 1 and self.points[-1][0] - self.points[-2][0] < self._period_ms:
            self.points.pop()
        self.points.append((now, shown))
        if len(self.points) > MAX_POINTS:
            self._period_ms *= 2
            self.points = self.points[1::2] if len(self.points) % 2 == 0 else self.points[::2]

    def restart(self) -> None:
        """Forget the points: the text is shown again from its beginning."""
        self.points = []
