"""The formula of `physical-2026.2`, line by line, on one answer."""

import math
from dataclasses import dataclass

from django.utils.translation import gettext as _

from science.energy import Estimate, PartName
from science.energy.constants import (
    BATCH,
    BUILDING_OVERHEAD,
    COMPUTE_J,
    GPU_MEMORY_GB,
    JOULES_PER_WH,
    MEMORY_MARGIN,
    WEIGHT_READING_J,
)
from science.energy.physical_2_constants import CONTEXT_FREE_TOKENS, CONTEXT_J, OCCUPIED_GPU_J, PROMPT_J
from science.energy.physical_method_2 import weights_read_b
from science.energy.shape import ServedSize
from web.formatting import format_decimal, format_int, format_significant, watt_hours

FULL_BITS = 16  # the precision of WEIGHT_READING_J


@dataclass(frozen=True, slots=True)
class FormulaStep:
    """One line of the formula: its label, its symbols, and the same with the numbers of the example."""

    label: str
    formula: str
    worked: str


def formula_steps(answer: Estimate) -> list[FormulaStep]:
    """The formula on an answer of a cloud; for a hypothesis, on its middle."""
    size, bits = answer.shape.served_sizes()[1], answer.shape.weight_bits
    part_j = _joules_per_token(answer)
    writing_j = sum(joules for name, joules in part_j.items() if name is not PartName.PROMPT)
    return [
        _gpu_count_step(answer, size, bits),
        FormulaStep(
            _("Lire les poids"),
            "r × L × (bits ÷ 16) ÷ B",
            f"{format_decimal(WEIGHT_READING_J.value)} × {_billions(weights_read_b(size, BATCH.value))} "
            f"× ({format_decimal(bits)} ÷ {FULL_BITS}) ÷ {format_decimal(BATCH.value)} "
            f"≈ {_joules(part_j[PartName.WEIGHTS])}",
        ),
        FormulaStep(
            _("Calculer"),
            "c × A",
            f"{format_exact(COMPUTE_J.value)} × {_billions(size.active_b)} "
            f"≈ {_joules(part_j[PartName.COMPUTE])}",
        ),
        FormulaStep(
            _("Mobiliser les cartes"),
            "g × N",
            f"{format_exact(OCCUPIED_GPU_J.value)} × {answer.gpu_count} ≈ {_joules(part_j[PartName.GPUS])}",
        ),
        _context_step(answer, size, part_j.get(PartName.CONTEXT, 0)),
        _prompt_step(answer, size),
        FormulaStep(
            _("Toute la réponse"),
            _("(jetons écrits × somme + lecture) × s ÷ 3 600"),
            f"({format_int(answer.tokens)} × {format_significant(writing_j)} "
            f"+ {_number(_reading_j(answer))}) × {format_decimal(BUILDING_OVERHEAD.value)} "
            f"÷ {format_decimal(JOULES_PER_WH)} ≈ {watt_hours(answer.mid_wh)}",
        ),
    ]


def _joules_per_token(answer: Estimate) -> dict[PartName, float]:
    """Joules of the cards for one token written, by part."""
    per_token = JOULES_PER_WH / BUILDING_OVERHEAD.value / answer.tokens
    return {part.name: part.energy_wh * per_token for part in answer.parts}


def _reading_j(answer: Estimate) -> float:
    return answer.reading_wh * JOULES_PER_WH / BUILDING_OVERHEAD.value


def _gpu_count_step(answer: Estimate, size: ServedSize, bits: float) -> FormulaStep:
    margin, memory = format_decimal(MEMORY_MARGIN.value), format_decimal(GPU_MEMORY_GB.value)
    return FormulaStep(
        _("Nombre de cartes N"),
        _("puissance de deux au-dessus de m × T × bits ÷ 8 ÷ M"),
        f"{margin} × {_billions(size.total_b)} × {format_decimal(bits)} ÷ 8 ÷ {memory} → {answer.gpu_count}",
    )


def _context_step(answer: Estimate, size: ServedSize, joules: float) -> FormulaStep:
    beyond = max(0.0, answer.context_tokens - CONTEXT_FREE_TOKENS)
    return FormulaStep(
        _("Revenir sur ce qui précède"),
        _("k × √A × (contexte moyen − 500) ÷ 1 000"),
        f"{format_exact(CONTEXT_J.value)} × {format_significant(math.sqrt(size.active_b))} "
        f"× {format_int(beyond)} ÷ {format_int(1000)} ≈ {_joules(joules)}",
    )


def _prompt_step(answer: Estimate, size: ServedSize) -> FormulaStep:
    return FormulaStep(
        _("Lire la question, en tout"),
        _("p × A × jetons lus"),
        f"{format_exact(PROMPT_J.value)} × {_billions(size.active_b)} × {format_int(answer.tokens_in)} "
        f"≈ {_joules(_reading_j(answer))}",
    )


def format_exact(value: float) -> str:
    """A small constant with all its significant digits."""
    return format_significant(value, digits=len(f"{value:.6g}".lstrip("0.").replace(".", "")))


def _billions(params_b: float) -> str:
    """Published sizes in full; the middle of a hypothesis to four digits."""
    return format_decimal(float(f"{params_b:.4g}"))


def _number(value: float) -> str:
    return format_significant(value) if value else "0"


def _joules(joules: float) -> str:
    return f"{_number(joules)} J"
