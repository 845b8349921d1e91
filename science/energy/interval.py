"""Intervals with a middle value, and their arithmetic."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Interval:
    """A middle value and the two ends between which the truth is expected, all in one unit."""

    low: float
    mid: float
    high: float

    def __post_init__(self) -> None:
        if not all(math.isfinite(end) for end in (self.low, self.mid, self.high)):
            raise ValueError(f"an interval needs three finite numbers, got {self}")
        if not self.low <= self.mid <= self.high:
            raise ValueError(f"an interval needs low <= mid <= high, got {self}")

    def plus(self, other: Interval) -> Interval:
        """The sum of two quantities that are low, and high, together."""
        return Interval(self.low + other.low, self.mid + other.mid, self.high + other.high)

    def times(self, factor: float) -> Interval:
        """The same interval in another unit: each end multiplied by a factor of at least 0."""
        return Interval(self.low * factor, self.mid * factor, self.high * factor)

    def widened(self, factor: float) -> Interval:
        """The interval with its low end divided, and its high end multiplied, by a factor of at least 1."""
        return Interval(self.low / factor, self.mid, self.high * factor)

    def over(self, other: Interval) -> Interval:
        """The quotient of two independent intervals of positive values."""
        return Interval(self.low / other.high, self.mid / other.mid, self.high / other.low)

    def inverse(self) -> Interval:
        """One over an interval of positive values; the ends change places."""
        return Interval(1 / self.high, 1 / self.mid, 1 / self.low)

    def as_dict(self) -> dict[str, float]:
        """The three numbers by name, for JSON."""
        return {"low": self.low, "mid": self.mid, "high": self.high}

    def contains(self, value: float) -> bool:
        """Whether a value lies between the two ends, ends included."""
        return self.low <= value <= self.high
