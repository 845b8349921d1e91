"""The ratio of two answers' energies, much more certain than their watt-hours."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from science.energy.estimate import Estimate, estimate_same_tokens
from science.energy.hosting import CLOUD
from science.energy.interval import Interval

SAME_ORDER_BELOW = 2.0  # design decision: below it, some pairs are measured in the other order
SAME_ORDER_BELOW_ACROSS_HOSTS = 4.0  # the same where each answer has a host and a load of its own


class Verdict(StrEnum):
    """Which of two energies is larger, if their ratio is clear."""

    SAME_ORDER = "same_order"
    FIRST_MORE = "first_more"
    SECOND_MORE = "second_more"


@dataclass(frozen=True)
class Ratio:
    """Energy of a first answer over that of a second, with its range.

    same_conditions: as if one machine had made both at one load, the headline of a reveal. mid, factor,
    factor_interval and verdict are about it.
    across_hosts: between the two answers as they were made, each by its host at its load; its middle may
    differ from the other one. It has a verdict and a factor of its own.
    hosts_differ: whether there is something to say about hosts; where not, both intervals are equal.
    """

    same_conditions: Interval
    across_hosts: Interval
    hosts_differ: bool

    @property
    def mid(self) -> float:
        """The middle ratio at the same conditions, first over second."""
        return self.same_conditions.mid

    @property
    def factor(self) -> float:
        """How many times more the hungrier answer took; at least 1."""
        return max(self.mid, 1 / self.mid)

    @property
    def factor_interval(self) -> Interval:
        """The range of the factor: of hungrier over more frugal."""
        return _at_least_one(self.same_conditions)

    @property
    def verdict(self) -> Verdict:
        """Which model takes more at the same conditions: the same order below a factor of 2."""
        return _verdict(self.mid, SAME_ORDER_BELOW)

    @property
    def across_factor_interval(self) -> Interval:
        """The range of the factor between the two answers as they were made; its middle is at least 1."""
        return _at_least_one(self.across_hosts)

    @property
    def across_verdict(self) -> Verdict:
        """Which answer took more where it was made: the same order below a factor of 4 where hosts differ."""
        below = SAME_ORDER_BELOW_ACROSS_HOSTS if self.hosts_differ else SAME_ORDER_BELOW
        return _verdict(self.across_hosts.mid, below)


def ratio(first: Estimate, second: Estimate) -> Ratio:
    """The energy of the first answer over that of the second, at the same conditions and as they were made.

    At the same conditions, what both share (the building, the load, the kind of card) cancels: only the
    uncertainty of each size and of what differs from model to model remains. Two answers of different places
    are compared there as if a cloud had made both.
    Raises ValueError for two methods or for an answer without tokens.
    """
    if first.method.name != second.method.name:
        raise ValueError("two estimates are compared by one method only")
    if not (first.tokens and second.tokens):
        raise ValueError("an answer without tokens has no ratio")
    hosts_differ = first.method.knows_hosting and not first.hosting.is_same_place(second.hosting)
    if not hosts_differ:
        interval = _same_conditions(first, second)
        return Ratio(interval, interval, hosts_differ=False)
    return Ratio(
        _same_conditions(_in_a_cloud(first), _in_a_cloud(second)),
        _across_hosts(first, second),
        hosts_differ=True,
    )


def _same_conditions(first: Estimate, second: Estimate) -> Interval:
    sizes = first.size_energy_wh.over(second.size_energy_wh)
    return sizes.widened(first.ratio_spread * second.ratio_spread)


def _across_hosts(first: Estimate, second: Estimate) -> Interval:
    sizes = first.size_energy_wh.over(second.size_energy_wh)
    return sizes.widened(math.exp(math.hypot(math.log(first.host_spread), math.log(second.host_spread))))


def _in_a_cloud(answer: Estimate) -> Estimate:
    """The same answer by a cloud of unknown load; one of a cloud stays as it is."""
    return answer if answer.hosting.is_cloud else estimate_same_tokens(answer, answer.shape, CLOUD)


def _at_least_one(interval: Interval) -> Interval:
    return interval if interval.mid >= 1 else interval.inverse()


def _verdict(mid: float, same_order_below: float) -> Verdict:
    if max(mid, 1 / mid) < same_order_below:
        return Verdict.SAME_ORDER
    return Verdict.FIRST_MORE if mid > 1 else Verdict.SECOND_MORE
