"""The `physical-2026` method: joules of GPU per token from first principles and one fitted constant."""

from __future__ import annotations

import math
from dataclasses import dataclass

from science.energy.constants import (
    BATCH,
    BUILDING_OVERHEAD,
    COMPUTE_J,
    DISCLOSED_SPREAD,
    GPU_J,
    GPU_MEMORY_GB,
    JOULES_PER_WH,
    MEMORY_MARGIN,
    ML_ENERGY,
    PHYSICAL_CONSTANTS,
    RATIO_SPREAD,
    UNDISCLOSED_SPREAD,
    WEIGHT_READING_J,
)
from science.energy.interval import Interval
from science.energy.known_limitations import PHYSICAL_LIMITS
from science.energy.method import Computation, Method, Part, PartName, Workload
from science.energy.shape import ModelShape, ServedSize


@dataclass(frozen=True)
class TokenEnergy:
    """Joules of GPU for one output token, in three parts, and the GPUs the model stands on."""

    weights_j: float
    compute_j: float
    gpus_j: float
    gpu_count: int

    @property
    def total_j(self) -> float:
        """Joules of GPU for one output token."""
        return self.weights_j + self.compute_j + self.gpus_j


def weights_read_b(size: ServedSize, batch: float) -> float:
    """Billions of parameters read for one step of a batch: those that at least one conversation needs.

    With T total and A active, T*(1-(1-A/T)^B); all of them for a dense model.
    """
    untouched_share: float = (1 - size.active_b / size.total_b) ** batch
    return size.total_b * (1 - untouched_share)


def gpus_needed(total_b: float, weight_bits: float, gpu_memory_gb: float = GPU_MEMORY_GB.value) -> int:
    """Cards that hold the weights with a margin, rounded up to a power of two as servers are built."""
    memory_gb = MEMORY_MARGIN.value * total_b * weight_bits / 8
    return power_of_two_from(math.ceil(memory_gb / gpu_memory_gb))


def power_of_two_from(count: int) -> int:
    """The smallest power of two that is at least count, for a count of at least 1."""
    return 1 << (count - 1).bit_length()


def token_energy(size: ServedSize, weight_bits: float, batch: float = BATCH.value) -> TokenEnergy:
    """Joules of GPU per output token for a model served to `batch` conversations at once."""
    gpu_count = gpus_needed(size.total_b, weight_bits)
    weights_j = WEIGHT_READING_J.value * weights_read_b(size, batch) * (weight_bits / 16) / batch
    return TokenEnergy(
        weights_j=weights_j,
        compute_j=COMPUTE_J.value * size.active_b,
        gpus_j=GPU_J.value * gpu_count,
        gpu_count=gpu_count,
    )


def spread(shape: ModelShape) -> float:
    """The factor between the middle and each end of the range shown."""
    return DISCLOSED_SPREAD.value if shape.is_disclosed else UNDISCLOSED_SPREAD.value


def ratio_spread(shape: ModelShape) -> float:
    """One side's half, in logarithm, of the uncertainty of a ratio; an undisclosed side has more."""
    return math.sqrt(RATIO_SPREAD.value) * spread(shape) / DISCLOSED_SPREAD.value


def compute(shape: ModelShape, work: Workload) -> Computation:
    """The energy of the output tokens, with its range and its three parts; knows no place and no prompt."""
    tokens = work.tokens
    low, mid, high = (token_energy(size, shape.weight_bits, work.load.mid) for size in shape.served_sizes())
    size_energy_wh = Interval(*(_answer_wh(end.total_j, tokens) for end in (low, mid, high)))
    return Computation(
        size_energy_wh=size_energy_wh,
        energy_wh=size_energy_wh.widened(spread(shape)),
        parts=_parts(mid, tokens),
        gpu_count=mid.gpu_count,
        ratio_spread=ratio_spread(shape),
        host_spread=ratio_spread(shape),
    )


def _answer_wh(joules_per_token: float, tokens: float) -> float:
    return tokens * joules_per_token * BUILDING_OVERHEAD.value / JOULES_PER_WH


def _parts(energy: TokenEnergy, tokens: float) -> tuple[Part, ...]:
    joules = (
        (PartName.WEIGHTS, energy.weights_j),
        (PartName.COMPUTE, energy.compute_j),
        (PartName.GPUS, energy.gpus_j),
    )
    return tuple(Part(name, _answer_wh(part_j, tokens), part_j / energy.total_j) for name, part_j in joules)


PHYSICAL_2026 = Method(
    name="physical-2026",
    version="1",
    date="2026-11-23",
    source=ML_ENERGY,
    constants=PHYSICAL_CONSTANTS,
    limits=PHYSICAL_LIMITS,
    compute=compute,
)
