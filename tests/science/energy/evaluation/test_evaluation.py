import subprocess
import sys

import pytest

from science.energy import METHODS
from science.energy.constants import GPU_J, RATIO_SPREAD
from science.energy.evaluation import (
    SERVICE_LOADS,
    Hosts,
    Measurement,
    Task,
    context_asked,
    deepseek_production,
    error_cell,
    error_table,
    families_left_out,
    ratio_cell,
    read_measurements,
    validate,
)
from science.energy.evaluation.error_table import errors, runs_at
from science.energy.evaluation.estimators import PHYSICAL_2, inside_share, middles
from science.energy.evaluation.fitting import fit_gpu_j, fit_occupied_gpu_j, fitted_runs
from science.energy.evaluation.report import text
from science.energy.physical_2_constants import CONTEXT_J, OCCUPIED_GPU_J
from science.energy.shape import Architecture

NAME = "physical-2026.2"
AT_64 = (64, 64)


def test_reasoning_at_a_load_of_64_is_estimated_though_nothing_was_fitted_on_it() -> None:
    found = error_cell(NAME, Task.REASONING, AT_64).unknown_load
    assert found.median_factor <= 1.15
    assert 0.9 <= found.bias <= 1.1


def test_chats_are_estimated_when_their_load_is_known_within_2() -> None:
    cell = error_cell(NAME, Task.CHAT, SERVICE_LOADS)
    assert cell.load_within_2 and cell.known_load and cell.left_out
    assert cell.load_within_2.median_factor <= 1.4
    assert cell.known_load.median_factor <= 1.15
    assert cell.left_out.median_factor <= 1.25


@pytest.mark.parametrize("task", [Task.CHAT, Task.REASONING])
def test_the_range_holds_in_every_cell_at_the_loads_of_a_service(task: Task) -> None:
    cells = [
        cell for cell in error_table() if (cell.method_name, cell.task) == (NAME, task) and cell.is_service
    ]
    assert len(cells) == 6
    for cell in cells:
        assert cell.inside_share >= 0.95, cell
        assert cell.known_inside_share and cell.known_inside_share >= 0.95, cell


def test_the_second_version_is_never_further_from_reasoning_than_the_first() -> None:
    for load in ((16, 16), (32, 32), AT_64, SERVICE_LOADS):
        first, second = (
            error_cell(name, Task.REASONING, load).unknown_load for name in ("physical-2026", NAME)
        )
        assert second.median_factor <= first.median_factor


@pytest.mark.parametrize(
    ("hosts", "spread"), [(Hosts.SAME, 2), (Hosts.TWO_CLOUDS, 5), (Hosts.TWO_SERVERS, 2.5)]
)
def test_the_range_of_a_ratio_covers_most_measured_pairs(hosts: Hosts, spread: float) -> None:
    for task, least in ((Task.CHAT, 0.94), (Task.REASONING, 0.92)):
        cell = ratio_cell(NAME, task, hosts)
        assert cell.spread == spread
        assert cell.inside_share >= least
        assert cell.right_order_share and cell.right_order_share >= 0.99


def test_the_fitted_constants_are_found_again() -> None:
    at_64 = [run for run in read_measurements() if run.batch == 64]
    assert fit_gpu_j(at_64) == pytest.approx(GPU_J.value, abs=0.0005)
    assert fit_occupied_gpu_j(fitted_runs()) == pytest.approx(OCCUPIED_GPU_J.value, abs=0.0006)
    assert {run.task for run in fitted_runs()} == {Task.CHAT}


def test_each_family_is_left_out_once() -> None:
    chats = [left.family for left in families_left_out() if left.task is Task.CHAT]
    assert sorted(chats) == sorted({run.family for run in read_measurements()})


def test_the_limits_that_are_said_are_those_that_were_measured() -> None:
    limits = {limit.key: limit.en for limit in METHODS[NAME].limits}
    few, many = (error_cell(NAME, Task.CHAT, (load, load)).unknown_load.bias for load in (8, 1024))
    assert round(1 / few) == 4 and 3 <= many <= 4
    assert "At 8, what is measured is about 4 times higher" in limits["unknown_load"]
    least = min(cell.inside_share for cell in error_table() if cell.method_name == NAME)
    assert f"hold only {least:.0%} of it" in limits["unknown_load"]
    code = error_cell(NAME, Task.CODE, SERVICE_LOADS)
    assert code.unknown_load.bias == pytest.approx(0.5, abs=0.05)
    assert "we count half of what is measured" in limits["prompt"]
    found = deepseek_production()
    assert f"{found.published_wh.mid:.2f} Wh" in limits["large_services"]
    assert f"we find {found.in_a_cloud.mid_wh:.1f} Wh" in limits["large_services"]
    assert f"{found.in_a_cloud.low_wh:.2f} Wh at the low end of our range" in limits["large_services"]
    assert found.at_its_load.energy_wh.contains(found.published_wh.mid)


def test_what_the_first_version_misses_in_long_answers_is_said() -> None:
    limit = {limit.key: limit.en for limit in METHODS["physical-2026"].limits}["long_context"]
    bias = error_cell("physical-2026", Task.REASONING, AT_64).unknown_load.bias
    assert 0.2 < 1 - bias < 0.3 and "about a quarter too little" in limit


def test_what_leaves_the_range_of_code_is_one_model_in_8_bits() -> None:
    limit = {limit.key: limit.en for limit in METHODS[NAME].limits}["eight_bits"]
    few = [run for task in (Task.CHAT, Task.REASONING) for run in runs_at(task, (8, 8)) if is_8_bit(run)]
    at = PHYSICAL_2.card_j_at
    assert at is not None
    found = errors(middles([at(run, run.mean_batch) for run in few]), few)
    assert round(found.median_factor) == 3 and "about 3 times more at 8 conversations" in limit
    code = runs_at(Task.CODE, SERVICE_LOADS)
    others, eight_bits = ([run for run in code if is_8_bit(run) is kind] for kind in (False, True))
    assert {run.total_params_b for run in eight_bits} == {480}
    assert shown_share(others) == 1
    assert f"only {shown_share(eight_bits):.0%} of those of a model of 480 billion" in limit
    assert f"8 bits: {error_cell(NAME, Task.CODE, SERVICE_LOADS).inside_share:.0%} in all" in limit


def is_8_bit(run: Measurement) -> bool:
    return run.architecture == Architecture.MIXTURE_OF_EXPERTS and run.weight_bits == 8


def shown_share(runs: list[Measurement]) -> float:
    return inside_share([PHYSICAL_2.card_j(run) for run in runs], runs, has_building_doubt=True)


def test_the_context_is_that_of_a_dense_model_and_less_would_fit_the_others() -> None:
    asked = {(found.architecture, found.gpu): found.asked_j for found in context_asked()}
    for gpu in ("H100", "B200"):
        assert asked["dense", gpu] == pytest.approx(CONTEXT_J.value, rel=0.1)
    for architecture in ("hybrid", "mixture_of_experts"):
        assert asked[architecture, "H100"] <= CONTEXT_J.value / 5
        assert asked[architecture, "B200"] == pytest.approx(0.75 * CONTEXT_J.value)


def test_all_methods_are_judged_on_the_same_runs() -> None:
    ours, *others = validate().reports
    for other in others:
        assert [point.measurement for point in ours.points] == [point.measurement for point in other.points]
        assert ours.shown_range.count == other.shown_range.count
    assert validate().report("physical-2026").ratio.right_order_share >= 0.99
    assert RATIO_SPREAD.value == 2


@pytest.mark.slow
def test_the_command_prints_the_tables() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "science.energy.evaluation"], capture_output=True, text=True, check=True
    )
    assert printed.stdout.strip() == text()
    assert "family left out" in printed.stdout
