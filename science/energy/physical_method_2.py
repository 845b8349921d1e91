"""The `physical-2026.2` method: what was read, the context and the place of an answer count too."""

from __future__ import annotations

import math
from dataclasses import dataclass

from science.energy.constants import (
    BUILDING_OVERHEAD,
    COMPUTE_J,
    GPU_MEMORY_GB,
    JOULES_PER_WH,
    ML_ENERGY,
    RATIO_SPREAD,
    UNDISCLOSED_SPREAD,
    WEIGHT_READING_J,
)
from science.energy.hosting import SUPPOSED_POWER_SPREAD, Hosting
from science.energy.interval import Interval
from science.energy.known_limitations import PHYSICAL_2_LIMITS
from science.energy.method import Computation, Method, Part, PartName, Workload
from science.energy.physical_2_constants import (
    CONTEXT_FREE_TOKENS,
    CONTEXT_J,
    DOUBT_HIGH,
    DOUBT_HIGH_8_BIT_EXPERTS,
    DOUBT_LOW,
    NEWER_GPU_MEMORY_GB,
    OCCUPIED_GPU_J,
    OVERHEAD_HIGH,
    OVERHEAD_LOW,
    PHYSICAL_2_CONSTANTS,
    PROMPT_CACHED_SHARE,
    PROMPT_HIGH_FACTOR,
    PROMPT_J,
    TWO_CLOUDS_SPREAD,
    TWO_SERVERS_SPREAD,
)
from science.energy.physical_method import gpus_needed, ratio_spread
from science.energy.shape import Architecture, ModelShape, ServedSize

BITS_PER_BYTE = 8
GFLOP_PER_ACTIVE_BILLION = 2  # one multiplication and one addition for each active parameter


@dataclass(frozen=True)
class AnswerEnergy:
    """Joules of the accelerators for one answer, by what they went to."""

    prompt_j: float
    weights_j: float
    compute_j: float
    context_j: float
    gpus_j: float

    @property
    def total_j(self) -> float:
        """Joules of the accelerators for the whole answer."""
        return self.prompt_j + self.weights_j + self.compute_j + self.context_j + self.gpus_j

    def parts(self) -> tuple[tuple[PartName, float], ...]:
        """Joules by name; what cannot be there (nothing read, a short context) is left out."""
        named = (
            (PartName.PROMPT, self.prompt_j),
            (PartName.WEIGHTS, self.weights_j),
            (PartName.COMPUTE, self.compute_j),
            (PartName.CONTEXT, self.context_j),
            (PartName.GPUS, self.gpus_j),
        )
        optional = (PartName.PROMPT, PartName.CONTEXT)
        return tuple((name, joules) for name, joules in named if joules or name not in optional)


def weights_read_b(size: ServedSize, batch: float) -> float:
    """Billions of parameters read for one step of a batch: W = S + R(1-(1-k/E)^B).

    S, what every token uses, and R, the experts, follow from the total T = S + R and the active
    A = S + R·k/E. Where k/E is not known, A/T stands for it and S is nothing.
    """
    share = size.active_b / size.total_b if size.expert_share is None else size.expert_share
    if share >= 1:
        return size.total_b
    experts_b = min(size.total_b, (size.total_b - size.active_b) / (1 - share))
    untouched_share: float = (1 - share) ** batch
    return size.total_b - experts_b * untouched_share


def served_gpus(
    size: ServedSize, weight_bits: float, hosting: Hosting, memory_gb: float = GPU_MEMORY_GB.value
) -> int:
    """Cards that the model stands on: as the operator says, else as many as its weights need."""
    return hosting.accelerator_count or gpus_needed(size.total_b, weight_bits, memory_gb)


def answer_energy(
    size: ServedSize,
    weight_bits: float,
    work: Workload,
    batch: float | None = None,
    memory_gb: float = GPU_MEMORY_GB.value,
) -> AnswerEnergy:
    """Joules of the accelerators for an answer, by default at the middle load of the workload."""
    batch = batch or work.load.mid
    read_b = weights_read_b(size, batch) * (weight_bits / 16) / batch
    long_context = max(0.0, work.context_tokens - CONTEXT_FREE_TOKENS) / 1000
    return AnswerEnergy(
        prompt_j=work.tokens_in * PROMPT_J.value * size.active_b,
        weights_j=work.tokens * WEIGHT_READING_J.value * read_b,
        compute_j=work.tokens * COMPUTE_J.value * size.active_b,
        context_j=work.tokens * CONTEXT_J.value * math.sqrt(size.active_b) * long_context,
        gpus_j=work.tokens * OCCUPIED_GPU_J.value * served_gpus(size, weight_bits, work.hosting, memory_gb),
    )


def card_range_j(shape: ModelShape, work: Workload) -> Interval:
    """Joules of the accelerators, with the doubt on the load, the cards and the prompt.

    Low: the busiest machine, on the largest cards, with a prompt that was already in memory. High: the least
    busy one, with a prompt that is read far from the cards' maximum.
    """
    small, middle, large = shape.served_sizes()
    bits = shape.weight_bits
    low = answer_energy(small, bits, work, work.load.high, NEWER_GPU_MEMORY_GB.value)
    high = answer_energy(large, bits, work, work.load.low)
    return Interval(
        low.total_j - low.prompt_j * (1 - PROMPT_CACHED_SHARE.value),
        answer_energy(middle, bits, work).total_j,
        high.total_j + high.prompt_j * (PROMPT_HIGH_FACTOR.value - 1),
    )


def doubt(shape: ModelShape) -> Interval:
    """The factors by which an energy at a known load may be off: of the computation and of the building.

    Both are independent, and so added as squares of logarithms.
    """
    _, size, _ = shape.served_sizes()
    has_experts = shape.architecture is Architecture.MIXTURE_OF_EXPERTS and size.active_b < size.total_b
    is_8_bit_mixture = has_experts and round(shape.weight_bits) == 8
    computed_high = (DOUBT_HIGH_8_BIT_EXPERTS if is_8_bit_mixture else DOUBT_HIGH).value
    middle = BUILDING_OVERHEAD.value
    low = _together(DOUBT_LOW.value, middle / OVERHEAD_LOW.value)
    return Interval(1 / low, 1, _together(computed_high, OVERHEAD_HIGH.value / middle))


def _together(*factors: float) -> float:
    """Independent factors of doubt as one."""
    return math.exp(math.hypot(*(math.log(factor) for factor in factors)))


def compute(shape: ModelShape, work: Workload) -> Computation:
    """The energy of an answer where it was made, with its range and its parts."""
    if work.hosting.is_this_computer:
        return _on_this_computer(shape, work)
    low, mid, high = (answer_energy(size, shape.weight_bits, work) for size in shape.served_sizes())
    size_energy_wh = Interval(*(_with_building(end.total_j) for end in (low, mid, high)))
    return Computation(
        size_energy_wh=size_energy_wh,
        energy_wh=_shown_range_wh(shape, work, size_energy_wh),
        parts=_parts(mid),
        gpu_count=served_gpus(shape.served_sizes()[1], shape.weight_bits, work.hosting),
        ratio_spread=ratio_spread(shape),
        host_spread=_host_spread(shape, work.hosting),
    )


def _shown_range_wh(shape: ModelShape, work: Workload, size_energy_wh: Interval) -> Interval:
    cards, factors = card_range_j(shape, work), doubt(shape)
    low_wh, high_wh = _with_building(cards.low * factors.low), _with_building(cards.high * factors.high)
    if not shape.is_disclosed:
        cautious = size_energy_wh.widened(UNDISCLOSED_SPREAD.value)
        low_wh, high_wh = min(low_wh, cautious.low), max(high_wh, cautious.high)
    return Interval(low_wh, size_energy_wh.mid, high_wh)


def _host_spread(shape: ModelShape, hosting: Hosting) -> float:
    """One side's half, in logarithm, of the doubt of a ratio between two hosts."""
    is_load_known = hosting.simultaneous_answers is not None
    both = TWO_SERVERS_SPREAD if is_load_known else TWO_CLOUDS_SPREAD
    own = math.log(both.value) / math.sqrt(2)
    return math.exp(own) * ratio_spread(shape) / math.sqrt(RATIO_SPREAD.value)


def computer_seconds(size: ServedSize, weight_bits: float, work: Workload) -> float:
    """Seconds that a typical computer takes: to write, the active weights are read once for each token."""
    computer = work.hosting.typical_computer
    gb_per_token = size.active_b * weight_bits / BITS_PER_BYTE
    gflop_per_token = GFLOP_PER_ACTIVE_BILLION * size.active_b
    writing = work.tokens * gb_per_token / computer.bandwidth_gb_s
    return writing + work.tokens_in * gflop_per_token / computer.gflop_s


def _on_this_computer(shape: ModelShape, work: Workload) -> Computation:
    """Power times time; where nobody measured the time, that of a typical computer, with all its doubt."""
    seconds, power_w = work.hosting.work_seconds, work.hosting.effective_power_w
    if seconds is None:
        low, mid, high = (computer_seconds(size, shape.weight_bits, work) for size in shape.served_sizes())
        size_wh = Interval(low, mid, high).times(power_w.mid / JOULES_PER_WH)
        energy_wh = size_wh.widened(SUPPOSED_POWER_SPREAD)
    else:
        energy_wh = power_w.times(seconds / JOULES_PER_WH)
        size_wh = Interval(energy_wh.mid, energy_wh.mid, energy_wh.mid)
    return Computation(
        size_energy_wh=size_wh,
        energy_wh=energy_wh,
        parts=_computer_parts(size_wh.mid, work.hosting.prompt_share),
        gpu_count=0,
        ratio_spread=ratio_spread(shape),
        host_spread=math.sqrt(energy_wh.high / energy_wh.low) if energy_wh.low else SUPPOSED_POWER_SPREAD,
    )


def _computer_parts(energy_wh: float, prompt_share: float) -> tuple[Part, ...]:
    shares = ((PartName.PROMPT, prompt_share), (PartName.COMPUTER, 1 - prompt_share))
    return tuple(Part(name, energy_wh * share, share) for name, share in shares if share)


def _with_building(joules: float) -> float:
    return joules * BUILDING_OVERHEAD.value / JOULES_PER_WH


def _parts(energy: AnswerEnergy) -> tuple[Part, ...]:
    total_j = energy.total_j or 1.0
    return tuple(Part(name, _with_building(part_j), part_j / total_j) for name, part_j in energy.parts())


PHYSICAL_2026_2 = Method(
    name="physical-2026.2",
    version="2",
    date="2026-11-28",
    source=ML_ENERGY,
    constants=PHYSICAL_2_CONSTANTS,
    limits=PHYSICAL_2_LIMITS,
    compute=compute,
    knows_hosting=True,
)
