"""Place of an answer: in a cloud, on a server of one's own, or on this computer.

A `Hosting` goes into `estimate`, which reads from it what the place changes: how many answers share the
machine, how many accelerators it has, or the power and the time of one computer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from science.energy.constants import BATCH
from science.energy.interval import Interval
from science.energy.physical_2_constants import FEWEST_SERVED, MOST_SERVED

UNKNOWN_LOAD = Interval(FEWEST_SERVED.value, BATCH.value, MOST_SERVED.value)
DECLARED_LOAD_SPREAD = 2.0  # design decision
SUPPOSED_POWER_SPREAD = 5.0  # design decision: a declared or typical wattage, divided and multiplied by 5
# A meter inside the machine leaves out its memory, its fans and the losses of its power supply.
READ_POWER_LOW_SPREAD = 1.25
READ_POWER_HIGH_SPREAD = 2.0


class HostingKind(StrEnum):
    """The three ways of serving that an estimate tells apart."""

    CLOUD = "cloud"
    OWN_SERVER = "own_server"
    THIS_COMPUTER = "this_computer"


class Processor(StrEnum):
    """The kind of chip that computes on this computer."""

    CPU = "cpu"
    GPU = "gpu"


@dataclass(frozen=True)
class TypicalComputer:
    """The assumed personal computer where nobody says: a design decision, with a wide range.

    power_w: power while it computes without pause. bandwidth_gb_s: gigabytes of weights read in a second,
    which sets the pace of writing. gflop_s: billions of operations in a second, the pace of reading.
    """

    power_w: float
    bandwidth_gb_s: float
    gflop_s: float


# A laptop that is on takes 25 to 50 W, a desktop computer 150 to 200 W.
TYPICAL_POWER_SOURCE = "https://www.01net.com/actualites/eteint-mon-pc-consomme-encore-503723.html"
TYPICAL_COMPUTERS = {
    Processor.CPU: TypicalComputer(power_w=40, bandwidth_gb_s=50, gflop_s=200),
    Processor.GPU: TypicalComputer(power_w=150, bandwidth_gb_s=300, gflop_s=10_000),
}


def _check_above_0(name: str, value: float | None) -> None:
    if value is not None and not (math.isfinite(value) and value > 0):
        raise ValueError(f"{name} must be above 0, got {value}")


def _check(name: str, value: float | None, *, least: float) -> None:
    if value is not None and not (math.isfinite(value) and value >= least):
        raise ValueError(f"{name} must be a number of at least {least}, got {value}")


@dataclass(frozen=True)
class Hosting:
    """Where an answer was made; equal facts make equal values. Use CLOUD, own_server and this_computer.

    cloud: nothing else is known.
    own_server: accelerator (its name), accelerator_count (cards the model runs on), simultaneous_answers
    (the usual number of answers written at once) and whether that number was measured or only declared.
    this_computer: processor; power_w, the power of the computer while it works on the answer, or None for a
    typical one; work_seconds, the time it worked for this answer alone, or None where nobody measured it;
    prompt_share, the part of that time, from 0 to 1, that went to reading.
    Raises ValueError for facts that do not hold together.
    """

    kind: HostingKind
    accelerator: str = ""
    accelerator_count: int | None = None
    simultaneous_answers: float | None = None
    is_measured: bool = False
    processor: Processor = Processor.CPU
    power_w: Interval | None = None
    work_seconds: float | None = None
    prompt_share: float = 0.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", HostingKind(self.kind))
        object.__setattr__(self, "processor", Processor(self.processor))
        _check("accelerator_count", self.accelerator_count, least=1)
        _check("simultaneous_answers", self.simultaneous_answers, least=1)
        _check_above_0("work_seconds", self.work_seconds)
        if not 0 <= self.prompt_share <= 1:
            raise ValueError(f"prompt_share must lie between 0 and 1, got {self.prompt_share}")
        _check_above_0("power_w", self.power_w.low if self.power_w else None)

    @property
    def is_cloud(self) -> bool:
        """Whether the answer came from a service of unknown load."""
        return self.kind is HostingKind.CLOUD

    @property
    def is_own_server(self) -> bool:
        """Whether the answer came from a server whose load its operator knows."""
        return self.kind is HostingKind.OWN_SERVER

    @property
    def is_this_computer(self) -> bool:
        """Whether one computer worked for one answer at a time."""
        return self.kind is HostingKind.THIS_COMPUTER

    @property
    def load(self) -> Interval:
        """Conversations that the machine serves together: fewest, usual and most.

        A measured usual number is taken as it is, a declared one as half to twice; one computer serves one.
        """
        usual = 1 if self.is_this_computer else self.simultaneous_answers
        if usual is None:
            return UNKNOWN_LOAD
        doubt = 1 if self.is_measured or self.is_this_computer else DECLARED_LOAD_SPREAD
        return Interval(max(1.0, usual / doubt), usual, usual * doubt)

    @property
    def effective_power_w(self) -> Interval:
        """The power of this computer while it works: as given, else that of a typical one."""
        return self.power_w or supposed_power(self.typical_computer.power_w)

    @property
    def typical_computer(self) -> TypicalComputer:
        """The assumed computer with such a processor, where nobody says."""
        return TYPICAL_COMPUTERS[self.processor]

    def is_same_place(self, other: Hosting) -> bool:
        """Whether two answers were made by the same kind of machine at the same load.

        Two cloud services are two hosts, each at a load of its own, whatever they are called.
        """
        return not self.is_cloud and self._place() == other._place()

    def _place(self) -> tuple[object, ...]:
        return self.kind, self.accelerator, self.accelerator_count, self.simultaneous_answers, self.processor


CLOUD = Hosting(HostingKind.CLOUD)


def own_server(
    accelerator: str = "",
    accelerator_count: int | None = None,
    simultaneous_answers: float | None = None,
    *,
    is_measured: bool = False,
) -> Hosting:
    """A server whose operator says what it is; what is left out is estimated as in a cloud."""
    return Hosting(HostingKind.OWN_SERVER, accelerator, accelerator_count, simultaneous_answers, is_measured)


def this_computer(
    processor: Processor | str = Processor.CPU,
    power_w: Interval | None = None,
    work_seconds: float | None = None,
    prompt_share: float = 0.0,
) -> Hosting:
    """One computer, whose energy is power times time; nothing of a data centre is added.

    power_w: from read_power or supposed_power; None for a typical wattage.
    work_seconds: seconds of work of this answer alone, all its turns together. Two answers that were
    written at once share the machine: each counts its share of the time by processor time.
    prompt_share: the part of these seconds before the first token, for the question and the history.
    """
    return Hosting(
        HostingKind.THIS_COMPUTER,
        processor=Processor(processor),
        power_w=power_w,
        work_seconds=work_seconds,
        prompt_share=prompt_share,
    )


def read_power(watts: float) -> Interval:
    """Power read from a meter inside the machine (RAPL, NVML), with what such a meter leaves out."""
    return Interval(watts / READ_POWER_LOW_SPREAD, watts, watts * READ_POWER_HIGH_SPREAD)


def supposed_power(watts: float) -> Interval:
    """Power that somebody declared, or that is typical of such machines: divided and multiplied by 5."""
    return Interval(watts, watts, watts).widened(SUPPOSED_POWER_SPREAD)
