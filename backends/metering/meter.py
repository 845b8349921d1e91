"""Shares the time and the energy of this computer among the answers that are written on it at once."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import fmean
from urllib.parse import urlsplit

from backends.metering import process_time
from backends.metering.counters import Card, RaplCounter, read_cards

HERE = ("localhost", "127.0.0.1", "::1")
LOOK_AGAIN_SECONDS = 60.0  # for the process of a server that was not found
DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(slots=True)
class Reading:
    """The use of this computer by one answer, from its request to its end.

    on_card: whether graphics cards compute, and not the processor. pid: the model's server, where it is seen.
    elapsed_seconds: time that passed. shared_seconds: the same, divided by the answers written at once.
    processor_seconds: of the model's server, on all cores; None on cards, or where the process is not seen.
    work_seconds: time of the computer that this answer took, shared by processor time: two servers that
    compute at once on two cores take half of each second each. None without processor_seconds.
    prompt_seconds: the share of work_seconds before the first token, for the question and the history.
    energy_j: of the processor, the same share of it, or of the cards that its server computes on, each shared
    by the answers on it; None where the machine does not tell.
    lost_seconds: time of which it was not known which cards worked: their joules are not reported then.
    """

    on_card: bool
    pid: int | None = None
    elapsed_seconds: float = 0.0
    shared_seconds: float = 0.0
    processor_seconds: float | None = None
    work_seconds: float | None = None
    prompt_seconds: float | None = None
    energy_j: float | None = None
    lost_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Counters:
    """The counters of the machine at one moment; processor seconds by process.

    families: on a machine with cards in use, each process with its children.
    """

    moment: float
    busy_seconds: float | None
    processor_j: float | None
    cards: dict[int, Card]
    by_process: dict[int, float]
    families: dict[int, frozenset[int]]


def read_counters(pids: set[int], rapl: RaplCounter, *, with_cards: bool) -> Counters:
    """Read what this machine tells now; the cards only where one computes."""
    seconds = {pid: process_time.processor_seconds(pid) for pid in pids}
    return Counters(
        time.monotonic(),
        process_time.machine_busy_seconds(),
        rapl.joules(),
        read_cards() if with_cards else {},
        {pid: computed for pid, computed in seconds.items() if computed is not None},
        {pid: process_time.family(pid) for pid in pids} if with_cards else {},
    )


ReadCounters = Callable[[set[int], bool], Counters]


class ComputerMeter:
    """Meters the answers that this process has this computer write; for one event loop.

    read: reads the counters for these processes, and those of the cards where one computes.
    """

    def __init__(self, read: ReadCounters | None = None) -> None:
        rapl = RaplCounter()
        self._read = read or (lambda pids, with_cards: read_counters(pids, rapl, with_cards=with_cards))
        self._running: list[Reading] = []
        self._last: Counters | None = None
        self._servers: dict[int, tuple[int | None, float]] = {}

    def prepare(self, base_url: str, *, on_card: bool) -> Reading:
        """A reading for a server; looks for its process, which takes milliseconds: call it in a thread."""
        address = urlsplit(base_url)
        if address.hostname not in HERE:
            return Reading(on_card)
        return Reading(on_card, self._find_process(address.port or DEFAULT_PORTS.get(address.scheme, 0)))

    def _find_process(self, port: int) -> int | None:
        """The process that listens there, remembered while it lives."""
        pid, found_at = self._servers.get(port, (None, -LOOK_AGAIN_SECONDS))
        is_alive = pid is not None and process_time.processor_seconds(pid) is not None
        if is_alive or (time.monotonic() < found_at + LOOK_AGAIN_SECONDS and pid is None):
            return pid
        self._servers[port] = process_time.listening_process(port), time.monotonic()
        return self._servers[port][0]

    @contextmanager
    def running(self, reading: Reading | None) -> Iterator[None]:
        """Meter what happens in the block; nothing for None."""
        if reading is None:
            yield
            return
        self._settle()
        self._running.append(reading)
        self._last = self._now()  # again, with the process of this one
        try:
            yield
        finally:
            self._settle()
            self._running.remove(reading)

    def mark_first_token(self, reading: Reading) -> None:
        """Note what reading the question took; only the first call for a reading counts."""
        if reading.prompt_seconds is None and reading.pid is not None and not reading.on_card:
            self._settle()
            reading.prompt_seconds = reading.work_seconds or 0.0

    def _now(self) -> Counters:
        pids = {reading.pid for reading in self._running if reading.pid is not None}
        return self._read(pids, any(reading.on_card for reading in self._running))

    def _settle(self) -> None:
        """Share what the counters have grown by since the last call among the answers that run."""
        if not self._running:
            return
        last, self._last = self._last, self._now()
        if last is None:
            return
        for reading in self._running:
            reading.elapsed_seconds += self._last.moment - last.moment
        if group := [reading for reading in self._running if not reading.on_card]:
            share_processor(group, last, self._last)
        if group := [reading for reading in self._running if reading.on_card]:
            share_cards(group, last, self._last)


def share_processor(group: Sequence[Reading], last: Counters, now: Counters) -> None:
    """Add what happened between two moments to the readings of the processor."""
    seconds = now.moment - last.moment
    joules = _grown(last.processor_j, now.processor_j)
    computed = {
        pid: max(0.0, now.by_process[pid] - last.by_process[pid])
        for pid in {reading.pid for reading in group}
        if pid in last.by_process and pid in now.by_process
    }
    together = sum(computed.values())
    busy = max(_grown(last.busy_seconds, now.busy_seconds) or 0.0, together)
    for reading in group:
        reading.shared_seconds += seconds / len(group)
        part = 1 / len(group)
        if reading.pid in computed:
            own = computed[reading.pid] / sum(other.pid == reading.pid for other in group)
            part = own / busy if busy else 0.0
            reading.processor_seconds = (reading.processor_seconds or 0.0) + own
            reading.work_seconds = (reading.work_seconds or 0.0) + own * min(1.0, seconds / (together or 1.0))
        if joules is not None:
            reading.energy_j = (reading.energy_j or 0.0) + joules * part


def share_cards(group: Sequence[Reading], last: Counters, now: Counters) -> None:
    """Add what happened between two moments to the readings of cards, each card to those it computes for."""
    seconds = now.moment - last.moment
    used = [cards_of(reading, now) & last.cards.keys() for reading in group]
    sharers = Counter(rank for own in used for rank in own)
    for reading, own in zip(group, used, strict=True):
        parts = {rank: 1 / sharers[rank] for rank in own}
        reading.shared_seconds += seconds * (fmean(parts.values()) if own else 1 / len(group))
        reading.lost_seconds += 0.0 if own else seconds
        grown = (parts[rank] * (now.cards[rank].joules - last.cards[rank].joules) for rank in own)
        known_j = (reading.energy_j or 0.0) + sum(grown)
        reading.energy_j = None if reading.lost_seconds else known_j


def cards_of(reading: Reading, now: Counters) -> frozenset[int]:
    """The cards that the model's server computes on; the only card, where its processes are not seen there.

    Of several cards, none is known to be its own then: from a container, the driver names other processes.
    """
    family = now.families.get(reading.pid, frozenset()) if reading.pid else frozenset()
    own = frozenset(rank for rank, card in now.cards.items() if card.pids & family)
    return own or (frozenset(now.cards) if len(now.cards) == 1 else frozenset())


def _grown(before: float | None, after: float | None) -> float | None:
    return None if before is None or after is None else after - before
