"""The `physical-2026.2` method: what was read, the context and the place of an answer count too."""

from __future__ import annotations

from dataclasses import dataclass

from science.energy.constants import (
    BUILDING_OVERHEAD,
    COMPUTE_J,
    CONTEXT_FREE_TOKENS,
    CONTEXT_J,
    GPU_J,
    JOULES_PER_WH,
    ML_ENERGY,
    PHYSICAL_2_CONSTANTS,
    PROMPT_J,
    WEIGHT_READING_J,
)
from science.energy.hosting import SUPPOSED_POWER_SPREAD
from science.energy.interval import Interval
from science.energy.known_limitations import PHYSICAL_2_LIMITS
from science.energy.method import Computation, Method, Part, PartName, Workload
from science.energy.physical_method import gpus_needed, ratio_spread, spread
from science.energy.shape import ModelShape, ServedSize

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
    A = S + R·k/E.
    Where k/E is not known, A/T stands for it and S is nothing.
    """
    share = size.active_b / size.total_b if size.expert_share is None else size.expert_share
    if share >= 1:
        return size.total_b
    experts_b = min(size.total_b, (size.total_b - size.active_b) / (1 - share))
    untouched_share: float = (1 - share) ** batch
    return size.total_b - experts_b * untouched_share


def answer_energy(size: ServedSize, weight_bits: float, work: Workload) -> AnswerEnergy:
    """Joules of the accelerators for an answer, at the load and on the machine of the workload."""
    gpu_count = work.hosting.accelerator_count or gpus_needed(size.total_b, weight_bits)
    read_gb_share = weights_read_b(size, work.batch) * (weight_bits / 16) / work.batch
    long_context = max(0.0, work.context_tokens - CONTEXT_FREE_TOKENS) / 1000
    return AnswerEnergy(
        prompt_j=work.tokens_in * PROMPT_J.value * size.active_b,
        weights_j=work.tokens * WEIGHT_READING_J.value * read_gb_share,
        compute_j=work.tokens * COMPUTE_J.value * size.active_b,
        context_j=work.tokens * CONTEXT_J.value * size.active_b**0.5 * long_context,
        gpus_j=work.tokens * GPU_J.value * gpu_count,
    )


def compute(shape: ModelShape, work: Workload) -> Computation:
    """The energy of an answer where it was made, with its range and its parts."""
    if work.hosting.is_this_computer:
        return _on_this_computer(shape, work)
    low, mid, high = (answer_energy(size, shape.weight_bits, work) for size in shape.served_sizes())
    size_energy_wh = Interval(*(_with_building(end.total_j) for end in (low, mid, high)))
    return Computation(
        size_energy_wh=size_energy_wh,
        energy_wh=size_energy_wh.widened(spread(shape)),
        parts=_parts(mid),
        gpu_count=work.hosting.accelerator_count
        or gpus_needed(shape.served_sizes()[1].total_b, shape.weight_bits),
        ratio_spread=ratio_spread(shape),
    )


def computer_seconds(size: ServedSize, weight_bits: float, work: Workload) -> float:
    """Seconds that a typical computer takes: to write, the active weights are read once for each token."""
    computer = work.hosting.typical_computer
    gb_per_token = size.active_b * weight_bits / BITS_PER_BYTE
    gflop_per_token = GFLOP_PER_ACTIVE_BILLION * size.active_b
    return (
        work.tokens * gb_per_token / computer.bandwidth_gb_s
        + work.tokens_in * gflop_per_token / computer.gflop_s
    )


def _on_this_computer(shape: ModelShape, work: Workload) -> Computation:
    """Power times time; where nobody measured the time, that of a typical computer, with all its doubt."""
    seconds = work.hosting.work_seconds
    if seconds is None:
        low, mid, high = (computer_seconds(size, shape.weight_bits, work) for size in shape.served_sizes())
        sizes = Interval(low, mid, high).times(work.hosting.effective_power_w.mid / JOULES_PER_WH)
        energy_wh = sizes.widened(SUPPOSED_POWER_SPREAD)
    else:
        energy_wh = work.hosting.effective_power_w.times(seconds / JOULES_PER_WH)
        sizes = Interval(energy_wh.mid, energy_wh.mid, energy_wh.mid)
    return Computation(
        size_energy_wh=sizes,
        energy_wh=energy_wh,
        parts=(Part(PartName.COMPUTER, sizes.mid, 1.0),),
        gpu_count=0,
        ratio_spread=ratio_spread(shape),
    )


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
)
