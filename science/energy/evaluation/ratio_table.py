"""The errors of ratios between two models: same host, two services, two servers of known load."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import numpy as np
from numpy.typing import NDArray

from science.energy.comparison import SAME_ORDER_BELOW, SAME_ORDER_BELOW_ACROSS_HOSTS
from science.energy.constants import RATIO_SPREAD
from science.energy.evaluation.error_metrics import Floats
from science.energy.evaluation.error_table import LOADS_SHOWN, SERVICE_LOADS, runs_at
from science.energy.evaluation.estimators import (
    ECOLOGITS,
    ESTIMATORS,
    Estimator,
    measured_j,
    middles,
)
from science.energy.evaluation.measurements import Measurement, Task
from science.energy.physical_2_constants import TWO_CLOUDS_SPREAD, TWO_SERVERS_SPREAD

Flags = NDArray[np.bool_]


class Hosts(StrEnum):
    """The hosts of the two answers of a pair."""

    SAME = "same"  # the same card and the same load
    TWO_CLOUDS = "two_clouds"  # each at its own load, which the estimate does not know
    TWO_SERVERS = "two_servers"  # each at its own load, which the estimate knows


# The factor by which the range of a ratio is shown, and the factor from which one model takes more.
SPREADS = {
    Hosts.SAME: RATIO_SPREAD.value,
    Hosts.TWO_CLOUDS: TWO_CLOUDS_SPREAD.value,
    Hosts.TWO_SERVERS: TWO_SERVERS_SPREAD.value,
}
CLEAR_FROM = {
    Hosts.SAME: SAME_ORDER_BELOW,
    Hosts.TWO_CLOUDS: SAME_ORDER_BELOW_ACROSS_HOSTS,
    Hosts.TWO_SERVERS: SAME_ORDER_BELOW_ACROSS_HOSTS,
}


@dataclass(frozen=True)
class RatioCell:
    """Ratios between two models on one task, at loads of 16 to 256.

    spread: the factor by which the range is shown; inside_share: pairs inside it. factor_95: what would hold
    95% of the pairs. clear_from: the ratio from which the pages say which one takes more;
    right_order_share: of those pairs, the ones measured in that order; None where there is none.
    """

    method_name: str
    task: Task
    hosts: Hosts
    pair_count: int
    median_factor: float
    within_2_share: float
    factor_95: float
    spread: float
    inside_share: float
    clear_from: float
    clear_count: int
    right_order_share: float | None


@cache
def ratio_table() -> tuple[RatioCell, ...]:
    """Every task with pairs, by method, then by hosts."""
    return tuple(
        _cell(estimator, task, hosts)
        for task in (Task.CHAT, Task.REASONING)
        for estimator in ESTIMATORS
        for hosts in Hosts
        if hosts is not Hosts.TWO_SERVERS or estimator.card_j_at
    )


def ratio_cell(method_name: str, task: Task, hosts: Hosts) -> RatioCell:
    """One cell of the table; raises KeyError when there is none."""
    return {(cell.method_name, cell.task, cell.hosts): cell for cell in ratio_table()}[
        method_name, task, hosts
    ]


def _cell(estimator: Estimator, task: Task, hosts: Hosts) -> RatioCell:
    runs = runs_at(task, SERVICE_LOADS)
    first, second = np.nonzero(_pairs(runs, hosts))
    estimated, measured = _estimated_j(estimator, runs, hosts), measured_j(runs)
    guessed = estimated[first] / estimated[second]
    true = measured[first] / measured[second]
    factors = np.exp(np.abs(np.log(guessed / true)))
    apart = np.abs(np.log(guessed)) >= np.log(CLEAR_FROM[hosts])
    right = ((guessed > 1) == (true > 1))[apart]
    spread = 1.0 if estimator is ECOLOGITS else SPREADS[hosts]
    return RatioCell(
        method_name=estimator.method.name,
        task=task,
        hosts=hosts,
        pair_count=len(factors),
        median_factor=float(np.median(factors)),
        within_2_share=float(np.mean(factors <= 2)),
        factor_95=float(np.quantile(factors, 0.95)),
        spread=spread,
        inside_share=float(np.mean(factors <= spread)),
        clear_from=CLEAR_FROM[hosts],
        clear_count=int(apart.sum()),
        right_order_share=float(right.mean()) if apart.any() else None,
    )


def _estimated_j(estimator: Estimator, runs: list[Measurement], hosts: Hosts) -> Floats:
    at = estimator.card_j_at
    if hosts is Hosts.TWO_SERVERS and at is not None:
        return middles([at(run, run.mean_batch) for run in runs])
    return middles([estimator.card_j(run) for run in runs])


def _pairs(runs: list[Measurement], hosts: Hosts) -> Flags:
    """Which runs make a pair, shape (n, n), each pair once."""
    models, cards, loads = (
        np.array([getattr(run, name) for run in runs]) for name in ("model", "gpu", "batch")
    )
    different: Flags = np.triu(models[:, None] != models[None, :])
    if hosts is not Hosts.SAME:
        return different
    shown = np.isin(loads, [low for low, _ in LOADS_SHOWN])
    alike: Flags = (cards[:, None] == cards[None, :]) & (loads[:, None] == loads[None, :])
    return different & alike & shown[:, None] & shown[None, :]
