"""The method page: formulas with a worked example, and estimates against measurements."""

import math
from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext as _

from duels.reveal.method_details import MethodExplanation, explain_method
from duels.reveal.options import RevealOptions
from duels.reveal.ratio_labels import format_2_digits
from models_registry.pages.catalogue import CatalogueEntry
from models_registry.pages.energy import USUAL_ANSWER_TOKENS
from science.energy import DEFAULT_METHOD, METHODS, Architecture, Estimate, ModelShape, estimate
from science.energy.constants import (
    BATCH,
    BUILDING_OVERHEAD,
    COMPUTE_J,
    GPU_J,
    GPU_MEMORY_GB,
    JOULES_PER_WH,
    MEMORY_MARGIN,
    WEIGHT_READING_J,
)
from science.energy.ecologits_method import ECOLOGITS
from science.energy.evaluation import MethodReport, validate
from science.energy.physical_method import gpus_needed, token_energy, weights_read_b
from science.energy.shape import ServedSize
from web.formatting import format_decimal, format_int, format_significant, watt_hours

ANY_SHAPE = ModelShape(Architecture.DENSE, 8)  # the explanation of a method is the same for every model
FULL_BITS = 16  # the precision of WEIGHT_READING_J


@dataclass(frozen=True, slots=True)
class FormulaStep:
    """One line of the formula: its label, its symbols, and the same with the numbers of the example."""

    label: str
    formula: str
    worked: str


@dataclass(frozen=True, slots=True)
class MeasuredRun:
    """One measured run, as a row in joules per token and as a point in percent of the plot."""

    model: str
    gpu: str
    measured: str
    estimated: tuple[str, ...]
    x_percent: float
    y_percents: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class AccuracyPlot:
    """Estimates against measurements on logarithmic axes, low at the left and at the bottom.

    band: where the lines of a factor of two from the diagonal meet the sides, in percent.
    """

    ticks: list[tuple[float, float, str]]
    runs: list[MeasuredRun]
    band: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class MethodComparison:
    """How many times more energy one model takes than another, by our method and by EcoLogits."""

    first: CatalogueEntry
    second: CatalogueEntry
    ours: str
    theirs: str


def formula_steps(answer: Estimate) -> list[FormulaStep]:
    """The formula of physical-2026, line by line, on one answer; for a hypothesis, on its middle."""
    size, bits = answer.shape.served_sizes()[1], answer.shape.weight_bits
    energy = token_energy(size, bits)
    read_b = weights_read_b(size, BATCH.value)
    return [
        _gpu_count_step(size, bits),
        FormulaStep(
            _("Lire les poids"),
            "r × L × (bits ÷ 16) ÷ B",
            f"{format_decimal(WEIGHT_READING_J.value)} × {_billions(read_b)} "
            f"× ({format_decimal(bits)} ÷ {FULL_BITS}) ÷ {format_decimal(BATCH.value)} "
            f"≈ {_joules(energy.weights_j)}",
        ),
        FormulaStep(
            _("Calculer"),
            "c × A",
            f"{format_exact(COMPUTE_J.value)} × {_billions(size.active_b)} ≈ {_joules(energy.compute_j)}",
        ),
        FormulaStep(
            _("Mobiliser les cartes"),
            "g × N",
            f"{format_decimal(GPU_J.value)} × {energy.gpu_count} = {_joules(energy.gpus_j)}",
        ),
        FormulaStep(
            _("Toute la réponse"),
            _("jetons × (somme) × s ÷ 3 600"),
            f"{format_int(answer.tokens)} × {format_significant(energy.total_j)} "
            f"× {format_decimal(BUILDING_OVERHEAD.value)} ÷ {format_decimal(JOULES_PER_WH)} "
            f"≈ {watt_hours(answer.mid_wh)}",
        ),
    ]


def _gpu_count_step(size: ServedSize, bits: float) -> FormulaStep:
    count = gpus_needed(size.total_b, bits)
    margin, memory = format_decimal(MEMORY_MARGIN.value), format_decimal(GPU_MEMORY_GB.value)
    return FormulaStep(
        _("Nombre de cartes N"),
        _("puissance de deux au-dessus de m × T × bits ÷ 8 ÷ M"),
        f"{margin} × {_billions(size.total_b)} × {format_decimal(bits)} ÷ 8 ÷ {memory} → {count}",
    )


def method_cards() -> list[MethodExplanation]:
    """The explanation of each method: steps, constants, limits."""
    return [
        explain_method([estimate(ANY_SHAPE, USUAL_ANSWER_TOKENS, method.name)], method, RevealOptions())
        for method in METHODS.values()
    ]


def format_exact(value: float) -> str:
    """A small constant with all its significant digits."""
    return format_significant(value, digits=len(f"{value:.6g}".lstrip("0.").replace(".", "")))


def _billions(params_b: float) -> str:
    """Published sizes in full; the middle of a hypothesis to four digits."""
    return format_decimal(float(f"{params_b:.4g}"))


def _joules(joules: float) -> str:
    return f"{format_significant(joules)} J"


@cache
def _axis_decades() -> tuple[float, float]:
    """log10 of the ends of the axes, in joules per token, to half a decade, around all points."""
    joules_per_token = [
        joules
        for report in validate().reports
        for point in report.points
        for joules in (point.measurement.joules_per_token, point.estimated_j.mid)
    ]
    return math.floor(2 * math.log10(min(joules_per_token))) / 2, math.ceil(
        2 * math.log10(max(joules_per_token))
    ) / 2


def accuracy_plot() -> AccuracyPlot:
    """Each run measured for a batch of 64, with the estimates of both methods."""
    first, last = _axis_decades()
    reports = validate().reports
    runs = [_measured_run(reports, place) for place in range(len(reports[0].points))]
    decades = [10.0**power for power in range(math.ceil(first), math.floor(last) + 1)]
    ticks = [
        (_percent(joules), round(100 - _percent(joules), 2), format_significant(joules, digits=1))
        for joules in decades
    ]
    two_percent = 100 * math.log10(2) / (last - first)
    band = (round(two_percent, 2), round(100 - two_percent, 2))
    return AccuracyPlot(ticks, sorted(runs, key=lambda run: run.x_percent), band)


def _measured_run(reports: tuple[MethodReport, ...], place: int) -> MeasuredRun:
    measurement = reports[0].points[place].measurement
    estimated_j = [report.points[place].estimated_j.mid for report in reports]
    return MeasuredRun(
        model=measurement.model,
        gpu=f"{measurement.gpu_count} × {measurement.gpu}",
        measured=format_significant(measurement.joules_per_token),
        estimated=tuple(format_significant(joules) for joules in estimated_j),
        x_percent=_percent(measurement.joules_per_token),
        y_percents=tuple(round(100 - _percent(joules), 2) for joules in estimated_j),
    )


def _percent(joules: float) -> float:
    first, last = _axis_decades()
    return round(100 * (math.log10(joules) - first) / (last - first), 2)


def compare_methods(first: CatalogueEntry, second: CatalogueEntry) -> MethodComparison:
    factors = []
    for method in (DEFAULT_METHOD, ECOLOGITS.name):
        of_first, of_second = (
            estimate(entry.shape, USUAL_ANSWER_TOKENS, method).mid_wh for entry in (first, second)
        )
        factors.append(format_2_digits(of_first / of_second))
    ours, theirs = factors
    return MethodComparison(first, second, ours, theirs)
