"""Why one answer took more: multipliers whose product is the ratio."""

import math

import pytest
from hypothesis import given

from science.energy import Architecture, ModelShape, estimate, own_server, ratio, read_power, this_computer
from science.energy.estimate import METHODS
from science.energy.multipliers import Cause, explain_ratio
from tests.science.energy.shapes import GEMMA_E2B, LLAMA_70B, SECRET, any_shape, token_counts

LLAMA_8_BIT = ModelShape(Architecture.DENSE, 70.55, weight_bits=8)


@pytest.mark.parametrize("method", METHODS)
@given(any_shape, any_shape, token_counts, token_counts)
def test_multipliers_multiply_to_the_ratio(
    method: str, left: ModelShape, right: ModelShape, few: int, many: int
) -> None:
    first = estimate(left, few + 1, method, tokens_in=12)
    second = estimate(right, many + 1, method, reasoning_tokens=few)
    found = explain_ratio(first, second)
    product = math.prod(one.factor for one in found.multipliers)
    assert product == pytest.approx(ratio(first, second).factor)
    weights = [one.weight for one in found.multipliers]
    assert weights == sorted(weights, reverse=True)


def test_one_change_is_one_multiplier() -> None:
    longer = explain_ratio(estimate(LLAMA_70B, 100), estimate(LLAMA_70B, 100, reasoning_tokens=300))
    assert longer.multipliers[0].cause is Cause.LENGTH
    assert longer.multipliers[0].factor == pytest.approx(4)
    assert longer.reasoning == 4
    lighter = explain_ratio(estimate(LLAMA_70B, 100), estimate(LLAMA_8_BIT, 100))
    assert lighter.multipliers[0].cause is Cause.PRECISION
    assert lighter.params == pytest.approx(1, rel=0.01)


def test_a_measured_time_is_a_multiplier_of_its_own() -> None:
    slow = estimate(LLAMA_70B, 100, hosting=this_computer(power_w=read_power(40), work_seconds=6000))
    fast = estimate(GEMMA_E2B, 100, hosting=this_computer(power_w=read_power(40), work_seconds=1))
    found = explain_ratio(slow, fast)
    assert math.prod(one.factor for one in found.multipliers) == pytest.approx(6000)
    assert Cause.MACHINE in {one.cause for one in found.multipliers if one.weight > 1.1}


def test_a_hypothesis_counts_by_its_middle_and_one_server_by_its_load() -> None:
    server = own_server("H100", 8, 20, is_measured=True)
    pair = estimate(SECRET, 100, hosting=server), estimate(LLAMA_70B, 100, hosting=server)
    product = math.prod(one.factor for one in explain_ratio(*pair).multipliers)
    assert product == pytest.approx(ratio(*pair).factor)
