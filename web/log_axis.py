"""A logarithmic axis of energies in whole decades, as a page draws it."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from science.energy import Interval
from web.formatting import watt_hours


@dataclass(frozen=True, slots=True)
class Band:
    """The position of an interval, in percent of the axis."""

    low_percent: float
    mid_percent: float
    high_percent: float

    @property
    def width_percent(self) -> float:
        return round(self.high_percent - self.low_percent, 2)


@dataclass(frozen=True, slots=True)
class Axis:
    """From 10**first to 10**last Wh."""

    first: int
    last: int

    @classmethod
    def around(cls, energies_wh: Iterable[Interval]) -> "Axis":
        """The fewest whole decades that hold every interval, but those that begin at 0."""
        placed = [energy for energy in energies_wh if energy.low > 0]
        if not placed:
            return cls(0, 1)
        first = math.floor(math.log10(min(energy.low for energy in placed)))
        return cls(first, max(first + 1, math.ceil(math.log10(max(energy.high for energy in placed)))))

    def percent(self, energy_wh: float) -> float:
        """The position of an energy, in percent of the axis."""
        return round(100 * (math.log10(energy_wh) - self.first) / (self.last - self.first), 2)

    def band(self, energy_wh: Interval) -> Band:
        return Band(self.percent(energy_wh.low), self.percent(energy_wh.mid), self.percent(energy_wh.high))

    def ticks(self) -> list[tuple[float, str]]:
        """The position (percent) and the label of each decade."""
        powers = range(self.first, self.last + 1)
        return [(self.percent(10.0**power), watt_hours(10.0**power, digits=1)) for power in powers]
