"""Error metrics of estimates against measurements: factors, ranks, ratios."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from science.energy.comparison import SAME_ORDER_BELOW

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Accuracy:
    """Errors as factors of at least 1, whichever the direction; shares between 0 and 1."""

    count: int
    median_factor: float
    p90_factor: float
    within_2_share: float
    rank_correlation: float


@dataclass(frozen=True)
class RangeCheck:
    """How many of the runs fell inside the range that the pages show."""

    count: int
    inside_share: float


@dataclass(frozen=True)
class RatioCheck:
    """Ratios between two models measured on the same kind of card.

    within_2_share: estimated and measured ratio less than a factor of 2 apart.
    distinct_count: pairs estimated at a factor of 2 or more.
    right_order_share: of those, the pairs that were measured in the same order.
    """

    count: int
    median_factor: float
    within_2_share: float
    distinct_count: int
    right_order_share: float


def accuracy(estimated: Floats, measured: Floats) -> Accuracy:
    """The scores of estimates, shape (n,), against what was measured, shape (n,)."""
    factors = _factors(estimated, measured)
    return Accuracy(
        count=len(factors),
        median_factor=float(np.median(factors)),
        p90_factor=float(np.quantile(factors, 0.9)),
        within_2_share=float(np.mean(factors <= 2)),
        rank_correlation=rank_correlation(estimated, measured),
    )


def ratio_check(estimated: Floats, measured: Floats) -> RatioCheck:
    """The scores of estimated ratios, shape (n,), against measured ones, shape (n,)."""
    factors = _factors(estimated, measured)
    is_distinct = np.abs(np.log(estimated)) >= np.log(SAME_ORDER_BELOW)
    right_order = (estimated > 1) == (measured > 1)
    return RatioCheck(
        count=len(factors),
        median_factor=float(np.median(factors)),
        within_2_share=float(np.mean(factors <= 2)),
        distinct_count=int(is_distinct.sum()),
        right_order_share=float(np.mean(right_order[is_distinct])),
    )


def rank_correlation(first: Floats, second: Floats) -> float:
    """Spearman's rank correlation of two lists, shape (n,); equal values share their mean rank."""
    return float(np.corrcoef(_ranks(first), _ranks(second))[0, 1])


def _factors(estimated: Floats, measured: Floats) -> Floats:
    factors: Floats = np.exp(np.abs(np.log(estimated / measured)))
    return factors


def _ranks(values: Floats) -> Floats:
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    last_rank = np.cumsum(counts)
    ranks: Floats = (last_rank - (counts - 1) / 2)[places]
    return ranks
