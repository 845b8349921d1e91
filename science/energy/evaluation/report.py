"""The evaluation as plain text, for the command."""

from __future__ import annotations

from collections.abc import Sequence

from science.energy.evaluation.context_cost import context_asked
from science.energy.evaluation.error_table import ErrorCell, Errors, error_table, families_left_out
from science.energy.evaluation.fitting import fit_occupied_gpu_j, fitted_runs
from science.energy.evaluation.measurements import Task, read_measurements
from science.energy.evaluation.production import deepseek_production
from science.energy.evaluation.ratio_table import RatioCell, ratio_table
from science.energy.interval import Interval
from science.energy.physical_2_constants import CONTEXT_J, OCCUPIED_GPU_J


def text() -> str:
    """Every table of the evaluation."""
    blocks = (
        *(_error_block(task) for task in Task),
        _family_block(),
        _context_block(),
        _ratio_block(),
        _production_block(),
    )
    return "\n\n".join("\n".join(lines) for lines in blocks)


def _error_block(task: Task) -> list[str]:
    runs = read_measurements(task)
    cells = [cell for cell in error_table() if cell.task is task]
    role = "constants are fitted on these" if task is Task.CHAT else "test rows, never fitted"
    return [
        f"{task}: {len(runs)} runs of {len({run.model for run in runs})} models; {role}; energy of the cards",
        "error: median factor, bias (estimated over measured), share within a factor of 2",
        f"{'':24}{'load':>10}{'runs':>6}{'load unknown':>20}{'known within x2':>20}{'load known':>20}"
        f"{'family left out':>20}{'in range':>10}{'known':>8}",
        *map(_error_line, cells),
    ]


def _error_line(cell: ErrorCell) -> str:
    low, high = cell.load
    return (
        f"{cell.method_name:24}{str(low) if low == high else f'{low} to {high}':>10}{cell.run_count:6}"
        f"{_errors(cell.unknown_load):>20}{_errors(cell.load_within_2):>20}{_errors(cell.known_load):>20}"
        f"{_errors(cell.left_out):>20}{_share(cell.inside_share):>10}{_share(cell.known_inside_share):>8}"
    )


def _family_block() -> list[str]:
    found = fit_occupied_gpu_j(fitted_runs())
    return [
        f"physical-2026.2, joules per card and token: in use {OCCUPIED_GPU_J.value:.3f}, found {found:.4f}; "
        "without each family, tried on it at loads of 16 to 256",
        f"{'':24}{'task':>10}{'runs':>6}{'J per card':>12}{'error':>20}",
        *(
            f"{left.family:24}{left.task:>10}{left.run_count:6}{left.gpu_j:12.4f}{_errors(left.errors):>20}"
            for left in families_left_out()
        ),
    ]


def _context_block() -> list[str]:
    return [
        f"cost of a long context: in use {CONTEXT_J.value:.3f}, {CONTEXT_J.unit};",
        "asked: what would fit reasoning runs best, with the mean factor of error (none is fitted on them)",
        f"{'':24}{'card':>10}{'runs':>6}{'asked':>10}{'error':>9}{'in use':>9}",
        *(
            f"{found.architecture:24}{found.gpu:>10}{found.run_count:6}{found.asked_j:10.4f}"
            f"{_times(found.asked_factor):>9}{_times(found.used_factor):>9}"
            for found in context_asked()
        ),
    ]


def _ratio_block() -> list[str]:
    return [
        "ratio of two models, loads 16 to 256: same card and load; two services; two servers of known load",
        f"{'':24}{'task':>10}{'hosts':>13}{'pairs':>7}{'median':>9}{'within x2':>11}{'95% within':>12}"
        f"{'range':>8}{'in range':>10}{'tell apart':>12}{'right order':>13}",
        *map(_ratio_line, ratio_table()),
    ]


def _ratio_line(cell: RatioCell) -> str:
    return (
        f"{cell.method_name:24}{cell.task:>10}{cell.hosts:>13}{cell.pair_count:7}"
        f"{_times(cell.median_factor):>9}{_share(cell.within_2_share):>11}{_times(cell.factor_95):>12}"
        f"{f'x{cell.spread:g}':>8}{_share(cell.inside_share):>10}{cell.clear_count:12}"
        f"{_share(cell.right_order_share):>13}"
    )


def _production_block() -> list[str]:
    found = deepseek_production()
    rows: Sequence[tuple[str, Interval]] = (
        ("published, 8 to 10 kW a node assumed", found.published_wh),
        ("physical-2026.2, load unknown", found.in_a_cloud.energy_wh),
        ("physical-2026.2, at its load", found.at_its_load.energy_wh),
    )
    return [
        "DeepSeek's whole service, February 2025: Wh of 1,000 tokens written, with the prompts they answer",
        *(f"{name:40}{wh.mid:8.3f}  from {wh.low:.3f} to {wh.high:.3f}" for name, wh in rows),
    ]


def _errors(errors: Errors | None) -> str:
    if errors is None:
        return "-"
    return f"{_times(errors.median_factor)} {errors.bias:5.2f} {errors.within_2_share:4.0%}"


def _share(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"


def _times(factor: float) -> str:
    return f"x{factor:.2f}"
