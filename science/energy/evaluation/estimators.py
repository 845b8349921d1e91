"""Each method applied to measured runs: joules of the cards for one output token, with the range shown.

The measurements are of the cards alone. The prompts are short or of unknown length, and are not counted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from science.energy import ecologits_method, physical_method, physical_method_2
from science.energy.constants import BUILDING_OVERHEAD, JOULES_PER_WH
from science.energy.evaluation.error_metrics import Floats
from science.energy.evaluation.measurements import Measurement
from science.energy.hosting import CLOUD, UNKNOWN_LOAD, Hosting, own_server
from science.energy.interval import Interval
from science.energy.method import Method, Workload
from science.energy.physical_2_constants import OCCUPIED_GPU_J, OVERHEAD_HIGH, OVERHEAD_LOW
from science.energy.shape import ModelShape

# The building and the idle machines of a host nobody measured: evenly in logarithm over the doubt of the
# method.
OVERHEADS = np.geomspace(OVERHEAD_LOW.value, OVERHEAD_HIGH.value, 9)


@dataclass(frozen=True)
class Estimator:
    """One method on measured runs.

    card_j: joules of the cards for a token of a run, with the range shown, at an unknown load.
    card_j_at: the same where the operator knows cards and load (here the last argument); None for a method
    that knows no load.
    """

    method: Method
    card_j: Callable[[Measurement], Interval]
    card_j_at: Callable[[Measurement, float], Interval] | None = None
    has_building_doubt: bool = True


def _physical_j(run: Measurement) -> Interval:
    size, _, _ = run.shape.served_sizes()
    joules = physical_method.token_energy(size, run.weight_bits).total_j
    return Interval(joules, joules, joules).widened(physical_method.spread(run.shape))


def workload(run: Measurement, load: Interval, hosting: Hosting) -> Workload:
    """One token of an answer of the run's mean length, whose prompt is not counted."""
    return Workload(1, 0, run.output_tokens / 2, load, hosting)


def _physical_2_j(run: Measurement) -> Interval:
    return _with_doubt(run, workload(run, UNKNOWN_LOAD, CLOUD))


def _physical_2_j_at(run: Measurement, batch: float) -> Interval:
    server = own_server(run.gpu, run.gpu_count, max(1.0, batch), is_measured=True)
    return _with_doubt(run, workload(run, server.load, server))


def _with_doubt(run: Measurement, work: Workload) -> Interval:
    cards, doubt = physical_method_2.card_range_j(run.shape, work), physical_method_2.doubt(run.shape)
    return Interval(cards.low * doubt.low, cards.mid, cards.high * doubt.high)


def _ecologits_j(run: Measurement) -> Interval:
    return _ecologits_shape_j(run.shape)


@cache
def _ecologits_shape_j(shape: ModelShape) -> Interval:
    """EcoLogits' GPUs, with the only uncertainty it states for a known size: that of the building."""
    joules = ecologits_method.card_energy_wh(shape).mid * JOULES_PER_WH
    pue = ecologits_method.PUE
    return Interval(joules * pue.low / pue.mid, joules, joules * pue.high / pue.mid)


PHYSICAL_2 = Estimator(physical_method_2.PHYSICAL_2026_2, _physical_2_j, _physical_2_j_at)
PHYSICAL = Estimator(physical_method.PHYSICAL_2026, _physical_j)
ECOLOGITS = Estimator(ecologits_method.ECOLOGITS, _ecologits_j, has_building_doubt=False)
ESTIMATORS = (PHYSICAL_2, PHYSICAL, ECOLOGITS)


def measured_j(runs: Sequence[Measurement]) -> Floats:
    """Joules per token as measured, shape (n,)."""
    return np.array([run.joules_per_token for run in runs])


def middles(estimated: Sequence[Interval]) -> Floats:
    """The middles of ranges, shape (n,)."""
    return np.array([interval.mid for interval in estimated])


def inside_share(
    estimated: Sequence[Interval], runs: Sequence[Measurement], *, has_building_doubt: bool
) -> float:
    """The share of runs inside the range shown, over all the buildings that the method thinks possible.

    Where a range says nothing of the building but of EcoLogits' own, the cards alone are looked at.
    """
    overheads = OVERHEADS / BUILDING_OVERHEAD.value if has_building_doubt else np.ones(1)
    whole_j = np.outer(measured_j(runs), overheads)
    low_j = np.array([interval.low for interval in estimated])[:, None]
    high_j = np.array([interval.high for interval in estimated])[:, None]
    return float(np.mean((low_j <= whole_j) & (whole_j <= high_j)))


def card_parts_j(run: Measurement) -> tuple[float, int]:
    """Joules of a token at the run's own load but for what the fitted constant adds; cards assumed."""
    load = Interval(run.mean_batch, run.mean_batch, run.mean_batch)
    size = run.shape.served_sizes()[1]
    energy = physical_method_2.answer_energy(size, run.weight_bits, workload(run, load, CLOUD))
    gpus = round(energy.gpus_j / OCCUPIED_GPU_J.value)
    return energy.total_j - energy.gpus_j, gpus
