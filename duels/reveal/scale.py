"""Both ranges on one logarithmic axis."""

from collections.abc import Sequence
from dataclasses import dataclass

from science.energy import Estimate
from web.log_axis import Axis, Band


@dataclass(frozen=True, slots=True)
class Tick:
    """A power of ten; labels of minor ones are hidden on narrow screens."""

    percent: float
    label: str
    is_minor: bool


@dataclass(frozen=True, slots=True)
class ScaleRow:
    """The range of one side."""

    letter: str
    band: Band
    is_hypothesis: bool


@dataclass(frozen=True, slots=True)
class Scale:
    """A logarithmic axis with the range of each side that wrote something."""

    ticks: list[Tick]
    rows: list[ScaleRow]


def scale(estimates: Sequence[Estimate]) -> Scale:
    """The axis of a and b."""
    axis = Axis.around(energy.energy_wh for energy in estimates)
    ticks = axis.ticks()
    return Scale(
        [Tick(percent, label, (len(ticks) - rank) % 2 == 0) for rank, (percent, label) in enumerate(ticks)],
        [
            ScaleRow(letter, axis.band(energy.energy_wh), not energy.shape.is_disclosed)
            for letter, energy in zip("AB", estimates, strict=True)
            if energy.low_wh > 0
        ],
    )
