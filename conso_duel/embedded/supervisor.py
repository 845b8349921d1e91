"""Starts the parts in waves, watches them, and ends them all together."""

import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import NoReturn

from conso_duel.embedded.processes import Child, ChildDied, Family, wait_until_ready
from conso_duel.embedded.services import Part

WATCH_SECONDS = 0.3


class Supervisor:
    """The running parts.

    A part that ends by itself is told in one line and never restarted unseen: an essential one takes the
    whole down with it, the site goes on without any other.
    """

    def __init__(self, family: Family, log_dir: Path) -> None:
        self._family = family
        self._log_dir = log_dir
        self._waves: list[dict[Part, Child]] = []
        self._has_lost_a_part = False

    def start(self, parts: Iterable[Part]) -> None:
        """Start one more wave of parts; a wave ends before those it was started on."""
        self._log_dir.mkdir(parents=True, exist_ok=True)
        self._waves.append({part: self._start_part(part) for part in parts})

    @property
    def is_whole(self) -> bool:
        """Whether no part has been lost."""
        return not self._has_lost_a_part

    def wait_until_ready(self) -> None:
        """Returns when every part answers; raises ChildDied for an essential one that does not."""
        for part, child in self._running():
            try:
                wait_until_ready(child, partial(part.is_ready, child.log), part.timeout_seconds)
            except ChildDied as death:
                self._lose(part, child, death)

    def watch(self) -> NoReturn:
        """Raises ChildDied when an essential part ends."""
        while True:
            for part, child in self._running():
                if child.exit_code is not None:
                    self._lose(part, child, child.how_it_ended())
            time.sleep(WATCH_SECONDS)

    def stop(self) -> None:
        """End every wave, the last started first."""
        for wave in reversed(self._waves):
            self._family.stop(wave.values())

    def _start_part(self, part: Part) -> Child:
        return self._family.start(part.name, part.command, self._log_dir / f"{part.name}.log")

    def _running(self) -> list[tuple[Part, Child]]:
        """The newest wave first: it is the one that may have gone wrong."""
        return [item for wave in reversed(self._waves) for item in wave.items()]

    def _lose(self, part: Part, child: Child, death: ChildDied) -> None:
        self._has_lost_a_part = True
        if part.essential:
            raise death
        print(f"{death} ; le site continue sans lui.", flush=True)
        self._family.stop([child])
        for wave in self._waves:
            wave.pop(part, None)
