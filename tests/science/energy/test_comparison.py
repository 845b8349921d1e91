import pytest
from hypothesis import assume, given

from science.energy import (
    Architecture,
    ModelShape,
    Verdict,
    estimate,
    own_server,
    ratio,
    read_power,
    this_computer,
)
from tests.science.energy.shapes import GEMMA_E2B, LLAMA_70B, SECRET, any_shape, token_counts


def test_two_known_models_are_compared_within_a_factor_of_two() -> None:
    compared = ratio(estimate(LLAMA_70B, 300), estimate(GEMMA_E2B, 300))
    assert compared.mid == pytest.approx(0.867813 / 0.075125, rel=1e-4)
    assert compared.same_conditions.low == pytest.approx(compared.mid / 2)
    assert compared.same_conditions.high == pytest.approx(compared.mid * 2)
    assert compared.verdict is Verdict.FIRST_MORE
    assert not compared.same_conditions.contains(1)


def test_less_than_twice_is_the_same_order() -> None:
    assert ratio(estimate(LLAMA_70B, 199), estimate(LLAMA_70B, 100)).verdict is Verdict.SAME_ORDER
    assert ratio(estimate(LLAMA_70B, 100), estimate(LLAMA_70B, 199)).verdict is Verdict.SAME_ORDER
    assert ratio(estimate(LLAMA_70B, 200), estimate(LLAMA_70B, 100)).verdict is Verdict.FIRST_MORE
    assert ratio(estimate(LLAMA_70B, 100), estimate(LLAMA_70B, 200)).verdict is Verdict.SECOND_MORE


def test_two_services_are_compared_within_a_factor_of_five_as_they_were_made() -> None:
    compared = ratio(estimate(LLAMA_70B, 300), estimate(GEMMA_E2B, 300))
    assert compared.hosts_differ
    assert compared.across_hosts.mid == compared.mid
    assert compared.across_hosts.high == pytest.approx(5 * compared.mid)
    assert compared.across_verdict is Verdict.FIRST_MORE
    assert ratio(estimate(LLAMA_70B, 300), estimate(LLAMA_70B, 100)).across_verdict is Verdict.SAME_ORDER


def test_a_small_model_at_home_may_take_more_than_a_large_one_in_a_cloud() -> None:
    at_home = estimate(GEMMA_E2B, 300, hosting=this_computer(power_w=read_power(100), work_seconds=60))
    compared = ratio(estimate(LLAMA_70B, 300), at_home)
    assert compared.verdict is Verdict.FIRST_MORE  # at the same conditions
    assert compared.across_verdict is Verdict.SECOND_MORE
    assert compared.across_factor_interval.mid > 4
    assert compared.mid == ratio(estimate(LLAMA_70B, 300), estimate(GEMMA_E2B, 300)).mid


def test_two_answers_of_one_server_have_one_ratio() -> None:
    here = own_server("H100", 4, 8)
    compared = ratio(estimate(LLAMA_70B, 300, hosting=here), estimate(GEMMA_E2B, 300, hosting=here))
    assert not compared.hosts_differ
    assert compared.across_hosts == compared.same_conditions


def test_the_first_version_compares_no_hosts() -> None:
    compared = ratio(estimate(LLAMA_70B, 300, "physical-2026"), estimate(GEMMA_E2B, 300, "physical-2026"))
    assert not compared.hosts_differ
    assert compared.across_hosts == compared.same_conditions


def test_the_factor_speaks_of_the_hungrier_answer() -> None:
    compared = ratio(estimate(LLAMA_70B, 100), estimate(LLAMA_70B, 500))
    assert compared.factor == pytest.approx(5)
    assert compared.factor_interval.low == pytest.approx(2.5)


def test_a_secret_size_widens_the_ratio_by_its_hypothesis_and_its_own_doubt() -> None:
    compared = ratio(estimate(SECRET, 100), estimate(LLAMA_70B, 100))
    small = ratio(
        estimate(ModelShape(Architecture.MIXTURE_OF_EXPERTS, 200, 40), 100), estimate(LLAMA_70B, 100)
    )
    assert compared.same_conditions.low == pytest.approx(small.mid / 2 / (5 / 3))


def test_an_answer_without_tokens_has_no_ratio() -> None:
    with pytest.raises(ValueError, match="without tokens"):
        ratio(estimate(LLAMA_70B, 10), estimate(LLAMA_70B, 0))


@given(any_shape, any_shape, token_counts, token_counts)
def test_swapping_sides_changes_nothing(a: ModelShape, b: ModelShape, tokens_a: int, tokens_b: int) -> None:
    forth = ratio(estimate(a, tokens_a), estimate(b, tokens_b))
    back = ratio(estimate(b, tokens_b), estimate(a, tokens_a))
    assert forth.same_conditions.low == pytest.approx(1 / back.same_conditions.high)
    assert forth.mid == pytest.approx(1 / back.mid)
    assert forth.same_conditions.high == pytest.approx(1 / back.same_conditions.low)
    assume(abs(forth.factor - 2) > 1e-9)
    assert forth.factor == pytest.approx(back.factor)
    assert (forth.verdict is Verdict.SAME_ORDER) == (back.verdict is Verdict.SAME_ORDER)
    assert (forth.verdict is Verdict.FIRST_MORE) == (back.verdict is Verdict.SECOND_MORE)
