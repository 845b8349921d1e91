"""Pace of the text of all answers: how fast a model writes would tell which one it is.

Text above the pace waits, and is released at the moments that all answers share, both sides of a duel
together; text that comes in bursts is spread out. A model that writes more slowly is not held back.
"""

import asyncio
import time
from collections.abc import Callable

PERIOD_SECONDS = 0.15  # between two releases: a page inserts text every 0.16 s (js/stream-text.js)
START_TOGETHER_SECONDS = 2.0  # how long the first side to write waits for the other
SPEED_UP_CHARACTERS = 8_000  # shown so far, after which the pace has doubled: a long answer must end


class StartLine:
    """The sides of one turn, which begin to show text together, unless one of them takes too long."""

    def __init__(self, sides: int) -> None:
        self._missing = sides
        self._first_at: float | None = None

    def arrive(self) -> None:
        """Note that one more side has something to show, or has ended."""
        self._missing -= 1
        if self._first_at is None:
            self._first_at = time.monotonic()

    def is_open(self, now: float) -> bool:
        waited_since = now if self._first_at is None else self._first_at
        return self._missing <= 0 or now - waited_since >= START_TOGETHER_SECONDS


class PacedText:
    """The text of one answer on its way to the page.

    show: takes each piece that is released. line: the start line of its turn.
    """

    def __init__(self, pacer: "Pacer", show: Callable[[str], None], line: StartLine) -> None:
        self._pacer, self._show, self._line = pacer, show, line
        self._waiting = ""
        self._credit = 0.0  # characters that may be shown at once
        self._shown_characters = 0
        self._has_arrived = False
        self._is_empty = asyncio.Event()
        self._is_empty.set()

    def add(self, text: str) -> None:
        """Show this text in its turn; at once where there is no pace."""
        self.arrive()
        if not self._pacer.characters_per_second:
            self._show(text)
            return
        self._waiting += text
        self._is_empty.clear()
        self._pacer.schedule(self)

    def arrive(self) -> None:
        """The other side need not wait for this one any longer."""
        if not self._has_arrived:
            self._has_arrived = True
            self._line.arrive()

    def restart(self) -> None:
        """Drop what waits: the text is sent again, and what was shown of it is shown at once."""
        self._credit += self._shown_characters
        self._shown_characters = 0
        self._waiting = ""
        self._is_empty.set()

    def release(self, characters: float, now: float) -> bool:
        """Show at most so many more characters; whether any text still waits."""
        if self._line.is_open(now):
            self._credit += characters * (1 + self._shown_characters / SPEED_UP_CHARACTERS)
            count = int(self._credit)
            piece, self._waiting = self._waiting[:count], self._waiting[count:]
            self._credit = self._credit - len(piece) if self._waiting else 0.0
            self._shown_characters += len(piece)
            if piece:
                self._show(piece)
        if not self._waiting:
            self._is_empty.set()
        return bool(self._waiting)

    async def drain(self) -> None:
        """Wait until all of the text is shown."""
        await self._is_empty.wait()

    def close(self) -> None:
        """Show nothing more."""
        self.arrive()
        self._waiting = ""
        self._pacer.discard(self)


class Pacer:
    """Releases the text of every answer of this process, from one task that runs while any of it waits.

    characters_per_second: the pace; 0 sets none.
    """

    def __init__(self, characters_per_second: float) -> None:
        self.characters_per_second = characters_per_second
        self._waiting: set[PacedText] = set()
        self._task: asyncio.Task[None] | None = None

    def open(self, show: Callable[[str], None], line: StartLine) -> PacedText:
        return PacedText(self, show, line)

    def schedule(self, text: PacedText) -> None:
        """Release this text from the next common moment on."""
        self._waiting.add(text)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run(), name="pacer")

    def discard(self, text: PacedText) -> None:
        """Release nothing more of this text."""
        self._waiting.discard(text)

    async def _run(self) -> None:
        previous = time.monotonic()
        while self._waiting:
            await asyncio.sleep(PERIOD_SECONDS - time.monotonic() % PERIOD_SECONDS)
            now = time.monotonic()
            characters = self.characters_per_second * min(now - previous, 2 * PERIOD_SECONDS)
            previous = now
            self._waiting = {text for text in self._waiting if text.release(characters, now)}

    async def close(self) -> None:
        """Release nothing more."""
        if self._task is not None:
            self._task.cancel()
