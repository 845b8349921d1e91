"""The ratio of two answers' energies, much more certain than their watt-hours."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from science.energy.estimate import Estimate
from science.energy.interval import Interval

SAME_ORDER_BELOW = 2.0  # design decision: below it, some pairs are measured in the other order


class Verdict(StrEnum):
    """Which of two energies is larger, if their ratio is clear."""

    SAME_ORDER = "same_order"
    FIRST_MORE = "first_more"
    SECOND_MORE = "second_more"


@dataclass(frozen=True)
class Ratio:
    """Energy of a first answer over that of a second, with its range.

    factor: how many times more the hungrier one took, at least 1.
    """

    interval: Interval
    verdict: Verdict

    @property
    def mid(self) -> float:
        """The middle ratio, first over second."""
        return self.interval.mid

    @property
    def factor(self) -> float:
        """How many times more the hungrier answer took; at least 1."""
        return max(self.mid, 1 / self.mid)

    @property
    def factor_interval(self) -> Interval:
        """The range of the factor: of hungrier over more frugal."""
        return self.interval if self.mid >= 1 else self.interval.inverse()


def ratio(first: Estimate, second: Estimate) -> Ratio:
    """The energy of the first answer over that of the second.

    What both share (the building, the load, the kind of GPU) cancels: only the uncertainty of each size and
    of what differs from model to model remains.
    Raises ValueError for two methods or for an answer without tokens.
    """
    if first.method.name != second.method.name:
        raise ValueError("two estimates are compared by one method only")
    if not (first.tokens and second.tokens):
        raise ValueError("an answer without tokens has no ratio")
    sizes = first.size_energy_wh.over(second.size_energy_wh)
    interval = sizes.widened(first.ratio_spread * second.ratio_spread)
    return Ratio(interval, _verdict(interval.mid))


def _verdict(mid: float) -> Verdict:
    if max(mid, 1 / mid) < SAME_ORDER_BELOW:
        return Verdict.SAME_ORDER
    return Verdict.FIRST_MORE if mid > 1 else Verdict.SECOND_MORE
