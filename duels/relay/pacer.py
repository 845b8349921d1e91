"""Pace of the text of all answers: how fast a model writes would tell which one it is.

Both sides of a turn show the same number of characters at the same moments, at a pace that all turns share
or at that of the slower side; text that comes in bursts is spread out. `python -m tests.bench.pace` measures
what is left to tell them apart by.
"""

import asyncio
from collections.abc import Callable

PERIOD_SECONDS = 0.15  # between two releases: a page inserts text every 0.16 s (js/stream-text.js)
START_TOGETHER_SECONDS = 2.0  # how long the first side to write waits for the other
SPEED_UP_CHARACTERS = 8_000  # shown so far, after which the pace has doubled: a long answer must end
LEAST_SHARE = 1 / 6  # of the pace: so fast a side goes on, however slow the other is
STALL_SECONDS = 3  # how long at most both stand still where one of them does
# After the end of one side the other goes on at this share of their common pace, and gains so much of the
# full pace at each moment: a sudden change would say which of them had text to spare.
ALONE_SHARE, ALONE_GROWTH = 0.9, 0.01


class PacedText:
    """The text of one answer on its way to the page.

    show: takes each piece that is released. turn: its turn, which it joins.
    """

    def __init__(self, pacer: "Pacer", show: Callable[[str], None], turn: "PacedTurn") -> None:
        self._pacer, self._show, self._turn = pacer, show, turn
        self._waiting = ""
        self._shown_again = 0  # characters that were on the page before a restart
        self._has_arrived = False
        self._is_empty = asyncio.Event()
        self._is_empty.set()
        self.shown_characters = 0
        self.is_writing = False  # from the first text to the last
        turn.sides.append(self)

    def add(self, text: str) -> None:
        """Show this text in its turn; at once where there is no pace."""
        self.arrive()
        if not self._pacer.characters_per_second:
            self._show(text)
            return
        self._waiting += text
        self.is_writing = True
        self._is_empty.clear()
        self._pacer.schedule(self._turn)

    def arrive(self) -> None:
        """The other side need not wait for this one any longer."""
        if not self._has_arrived:
            self._has_arrived = True
            self._turn.arrive()

    def restart(self) -> None:
        """Drop what waits: the text is sent again, and what was shown of it is shown at once."""
        self._shown_again += self.shown_characters
        self.shown_characters = 0
        self._waiting = ""
        self._is_empty.set()

    @property
    def has_waiting(self) -> bool:
        return bool(self._waiting)

    @property
    def available(self) -> int:
        """How many characters wait that were not on the page before."""
        return max(0, len(self._waiting) - self._shown_again)

    def release(self, count: int) -> None:
        """Show at most so many characters that were not on the page before, and all those that were."""
        count += self._shown_again
        piece, self._waiting = self._waiting[:count], self._waiting[count:]
        self._shown_again = max(0, self._shown_again - len(piece))
        self.shown_characters += len(piece)
        if piece:
            self._show(piece)
        if not self._waiting:
            self._is_empty.set()

    async def drain(self) -> None:
        """Wait until all of the text is shown."""
        self.is_writing = False
        await self._is_empty.wait()

    def close(self) -> None:
        """Show nothing more."""
        self.arrive()
        self.is_writing = False
        self._waiting = ""
        self._is_empty.set()


class PacedTurn:
    """The sides of one turn: they begin to show text together, unless one takes too long, and go on so."""

    def __init__(self, sides: int) -> None:
        self.sides: list[PacedText] = []
        self._missing = sides
        self._first_at: float | None = None
        self._credit = 0.0  # part of a character that is left of the last moment
        self._behind = 0.0  # characters that a side is behind the least pace, because of the other
        self._together = [0.0, 0.0]  # characters that each side showed while both wrote, of those it might
        self._alone_growth = 0.0

    def arrive(self) -> None:
        """Note that one more side has something to show, or has ended."""
        self._missing -= 1
        if self._first_at is None:
            self._first_at = asyncio.get_running_loop().time()

    def release(self, characters: float, now: float) -> bool:
        """Show at most so many more characters of each side; whether any text still waits."""
        if self._is_open(now):
            shown = max(side.shown_characters for side in self.sides)
            pace = characters * (1 + shown / SPEED_UP_CHARACTERS)
            self._credit += pace * self._share_of_pace()
            count = self._shared_count(int(self._credit), characters * LEAST_SHARE)
            self._credit %= 1
            if all(side.is_writing for side in self.sides):
                self._together = [self._together[0] + count, self._together[1] + pace]
            for side in self.sides:
                side.release(count)
        return any(side.has_waiting for side in self.sides)

    def _is_open(self, now: float) -> bool:
        waited_since = now if self._first_at is None else self._first_at
        return self._missing <= 0 or now - waited_since >= START_TOGETHER_SECONDS

    def _share_of_pace(self) -> float:
        """1 while both sides are shown; then the share of the pace that they had together, and growing."""
        shown, possible = self._together
        if not possible or all(side.is_writing or side.has_waiting for side in self.sides):
            return 1.0
        self._alone_growth += ALONE_GROWTH
        return min(1.0, max(ALONE_SHARE * shown / possible, LEAST_SHARE) + self._alone_growth)

    def _shared_count(self, most: int, least: float) -> int:
        """How many characters each side shows: what every side has that still writes, or the least pace."""
        count = min([most, *(side.available for side in self.sides if side.is_writing)])
        self._behind += least - count
        self._behind = max(self._behind, -STALL_SECONDS / PERIOD_SECONDS * least)
        if self._behind < 1:
            return count
        ahead = int(self._behind)
        self._behind -= ahead
        return count + ahead


class Pacer:
    """Releases the text of every answer of this process, from one task that runs while any of it waits.

    characters_per_second: the pace; 0 sets none.
    """

    def __init__(self, characters_per_second: float) -> None:
        self.characters_per_second = characters_per_second
        self._waiting: set[PacedTurn] = set()
        self._task: asyncio.Task[None] | None = None

    def open(self, show: Callable[[str], None], turn: PacedTurn) -> PacedText:
        return PacedText(self, show, turn)

    def schedule(self, turn: PacedTurn) -> None:
        """Release the text of this turn from the next common moment on."""
        self._waiting.add(turn)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run(), name="pacer")

    async def _run(self) -> None:
        clock = asyncio.get_running_loop().time
        previous = clock()
        while self._waiting:
            wait = PERIOD_SECONDS - clock() % PERIOD_SECONDS
            # A timer that fires a little early would make two moments of one.
            await asyncio.sleep(wait if wait > PERIOD_SECONDS / 4 else wait + PERIOD_SECONDS)
            now = clock()
            characters = self.characters_per_second * min(now - previous, 2 * PERIOD_SECONDS)
            previous = now
            self._waiting = {turn for turn in self._waiting if turn.release(characters, now)}

    async def close(self) -> None:
        """Release nothing more."""
        if self._task is not None:
            self._task.cancel()
