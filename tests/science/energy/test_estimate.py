import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from science.energy import Architecture, Interval, ModelShape, UnknownMethod, estimate
from tests.science.energy.shapes import (
    GEMMA_E2B,
    LLAMA_70B,
    MIXTRAL,
    SECRET,
    any_shape,
    mixtures,
    precisions,
    shares,
    sizes_b,
    token_counts,
)

NEARLY = 1 + 1e-9  # room for the last bits of a float


FIRST = "physical-2026"

# The golden values below were worked out by hand from the formulas of the method.


def test_llama_70b_by_hand() -> None:
    # 0.42*70.6/64 = 0.463313; 0.0025*70.6 = 0.1765; 169.44 GB -> 3 cards -> 4: 0.050*4 = 0.2.
    # 0.839813 J * 312 tokens * 1.7 / 3600 = 0.123732 Wh.
    answer = estimate(LLAMA_70B, 312, FIRST)
    assert (round(answer.low_wh, 4), round(answer.mid_wh, 4), round(answer.high_wh, 4)) == (
        0.0412,
        0.1237,
        0.3712,
    )
    assert [round(part.energy_wh, 4) for part in answer.parts] == [0.0683, 0.026, 0.0295]
    assert [round(part.share, 3) for part in answer.parts] == [0.552, 0.21, 0.238]
    assert [part.name for part in answer.parts] == ["weights", "compute", "gpus"]
    assert answer.gpu_count == 4


def test_mixtral_8x7b_by_hand() -> None:
    # (1-12.9/46.7)^64 = 1.03e-9, so all 46.7 are read: 0.306469; 0.0025*12.9 = 0.03225; 2 cards: 0.1.
    # 0.438719 J * 1000 * 1.7 / 3600 = 0.207173 Wh.
    answer = estimate(MIXTRAL, 1000, FIRST)
    assert round(answer.mid_wh, 4) == 0.2072
    assert answer.gpu_count == 2


def test_deepseek_v3_in_8_bits_by_hand() -> None:
    # (1-37/671)^64 = 0.026459, 653.246 read: 0.42*653.246*0.5/64 = 2.143465; 0.0025*37 = 0.0925;
    # 805.2 GB -> 11 cards -> 16: 0.8.
    # 3.035965 J * 100 * 1.7 / 3600 = 0.143365 Wh.
    answer = estimate(ModelShape("mixture_of_experts", 671, 37, 8), 100, FIRST)
    assert round(answer.mid_wh, 4) == 0.1434
    assert answer.gpu_count == 16


def test_gemma_3n_e2b_by_hand() -> None:
    # The effective 2 stand for all: 0.013125 + 0.005 + 0.05 = 0.068125 J * 1000 * 1.7 / 3600 = 0.032170 Wh.
    assert round(estimate(GEMMA_E2B, 1000, FIRST).mid_wh, 5) == 0.03217


def test_an_undisclosed_model_carries_both_ends_of_its_hypothesis() -> None:
    low_end = estimate(ModelShape("mixture_of_experts", 200, 40), 100, FIRST)
    high_end = estimate(ModelShape("mixture_of_experts", 1800, 280), 100, FIRST)
    answer = estimate(SECRET, 100, FIRST)
    assert answer.low_wh == pytest.approx(low_end.mid_wh / 5)
    assert answer.high_wh == pytest.approx(high_end.mid_wh * 5)
    assert low_end.mid_wh < answer.mid_wh < high_end.mid_wh


@pytest.mark.parametrize(
    ("shape", "tokens", "reasoning", "low_mid_high"),
    [
        (LLAMA_70B, 312, 0, (0.04124412499999999, 0.12373237499999998, 0.3711971249999999)),
        (MIXTRAL, 1000, 0, (0.06905758096865307, 0.2071727429059592, 0.6215182287178775)),
        (GEMMA_E2B, 268, 0, (0.0028738657407407406, 0.008621597222222221, 0.025864791666666664)),
        (SECRET, 617, 1204, (0.31171964997482615, 4.989287426617396, 67.55618847211603)),
    ],
)
def test_the_first_version_keeps_its_values_to_the_digit(
    shape: ModelShape, tokens: int, reasoning: int, low_mid_high: tuple[float, float, float]
) -> None:
    answer = estimate(shape, tokens, FIRST, reasoning_tokens=reasoning, tokens_in=5000)
    assert answer.energy_wh == Interval(*low_mid_high)


def test_hidden_reasoning_is_counted_and_shown_apart() -> None:
    answer = estimate(LLAMA_70B, 100, reasoning_tokens=300)
    assert answer.energy_wh == estimate(LLAMA_70B, 400).energy_wh
    assert answer.context_tokens == 200
    assert answer.reasoning_share == 0.75
    assert answer.reasoning_wh == pytest.approx(estimate(LLAMA_70B, 300).mid_wh)


def test_an_answer_without_tokens_took_nothing() -> None:
    answer = estimate(LLAMA_70B, 0)
    assert (answer.low_wh, answer.high_wh, answer.reasoning_wh) == (0, 0, 0)


def test_an_unknown_method_is_named_with_the_known_ones() -> None:
    with pytest.raises(UnknownMethod, match=r"'guess'; known ones: physical-2026\.2, physical-2026"):
        estimate(LLAMA_70B, 10, method="guess")


@pytest.mark.parametrize("tokens", [-1, float("nan"), float("inf")])
def test_a_count_of_tokens_that_is_none_is_refused(tokens: float) -> None:
    with pytest.raises(ValueError, match="tokens_out must be"):
        estimate(LLAMA_70B, tokens)
    with pytest.raises(ValueError, match="reasoning_tokens must be"):
        estimate(LLAMA_70B, 1, reasoning_tokens=tokens)


def test_importing_the_package_loads_neither_numpy_nor_ecologits() -> None:
    code = "import sys, science.energy; print({'numpy', 'ecologits', 'pydantic'} & set(sys.modules))"
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert finished.stdout.strip() == "set()"


@given(any_shape, token_counts, token_counts)
def test_more_tokens_never_cost_less(shape: ModelShape, tokens: int, more: int) -> None:
    fewer, longer = estimate(shape, tokens), estimate(shape, tokens + more)
    assert fewer.low_wh < longer.low_wh
    assert fewer.mid_wh < longer.mid_wh
    assert fewer.high_wh < longer.high_wh


@given(mixtures(), st.floats(min_value=1, max_value=50))
def test_more_total_parameters_never_cost_less(shape: ModelShape, growth: float) -> None:
    assert shape.total_params_b is not None
    grown = ModelShape(
        shape.architecture, shape.total_params_b * growth, shape.active_params_b, shape.weight_bits
    )
    assert estimate(shape, 100).mid_wh <= estimate(grown, 100).mid_wh * NEARLY


@given(sizes_b, shares, shares, precisions)
def test_more_active_parameters_never_cost_less(total_b: float, a: float, b: float, bits: int) -> None:
    fewer, more = (
        estimate(ModelShape(Architecture.MIXTURE_OF_EXPERTS, total_b, total_b * share, bits), 100)
        for share in sorted((a, b))
    )
    assert fewer.mid_wh <= more.mid_wh * NEARLY


@given(sizes_b, precisions, token_counts)
def test_a_mixture_with_all_its_experts_active_equals_a_dense_model(
    size_b: float, bits: int, tokens: int
) -> None:
    mixture = estimate(ModelShape(Architecture.MIXTURE_OF_EXPERTS, size_b, size_b, bits), tokens)
    dense = estimate(ModelShape(Architecture.DENSE, size_b, size_b, bits), tokens)
    assert mixture.energy_wh == dense.energy_wh
    assert mixture.parts == dense.parts


@given(any_shape, token_counts)
def test_the_range_contains_the_middle_and_the_parts_make_it(shape: ModelShape, tokens: int) -> None:
    answer = estimate(shape, tokens)
    assert answer.low_wh < answer.mid_wh < answer.high_wh
    assert sum(part.energy_wh for part in answer.parts) == pytest.approx(answer.mid_wh)
    assert sum(part.share for part in answer.parts) == pytest.approx(1)
