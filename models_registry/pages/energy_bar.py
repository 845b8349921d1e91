"""Breakdown of an energy estimate as segments of a bar."""

from dataclasses import dataclass

from models_registry.pages.labels import part_label
from science.energy import Estimate
from web.formatting import percent


@dataclass(frozen=True, slots=True)
class BarSegment:
    """A share of an energy; positions are percentages of the bar's width."""

    key: str
    label: str
    start_percent: float
    width_percent: float
    share_label: str


def bar_segment(key: str, label: str, start: float, share: float) -> BarSegment:
    """Make a segment; start and share are between 0 and 1."""
    return BarSegment(key, label, round(100 * start, 2), round(100 * share, 2), percent(share))


def energy_bar(energy: Estimate) -> list[BarSegment]:
    """One segment for each part of the estimate, end to end."""
    segments: list[BarSegment] = []
    start = 0.0
    for part in energy.parts:
        segments.append(bar_segment(part.name, part_label(part.name, energy), start, part.share))
        start += part.share
    return segments
