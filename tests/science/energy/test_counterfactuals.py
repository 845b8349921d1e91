import pytest
from hypothesis import given

from science.energy import Change, Estimate, ModelShape, estimate, other_choices, what_if
from tests.science.energy.shapes import GEMMA_E2B, LLAMA_70B, MIXTRAL, any_shape, token_counts


def _factors(answer: Estimate) -> dict[Change, float]:
    return {change.change: change.factor for change in what_if(answer)}


def test_a_mixture_that_were_dense_would_compute_with_all_its_parameters() -> None:
    # 0.438719 J with 12.9 of 46.7 active; 0.438719 - 0.03225 + 0.11675 = 0.523219 J with all.
    assert _factors(estimate(MIXTRAL, 1000, "physical-2026"))[Change.DENSE] == pytest.approx(
        0.523219 / 0.438719, rel=1e-5
    )


def test_a_matformer_that_were_dense_would_use_its_whole_size() -> None:
    whole = estimate(ModelShape("dense", 5.0), 200)
    assert _factors(estimate(GEMMA_E2B, 200))[Change.DENSE] == pytest.approx(
        whole.mid_wh / estimate(GEMMA_E2B, 200).mid_wh
    )


def test_a_dense_model_has_no_dense_twin() -> None:
    assert set(_factors(estimate(LLAMA_70B, 100))) == {Change.TWICE_AS_LONG, Change.EIGHT_BITS}


def test_eight_bits_halve_the_reading_and_may_free_cards_but_compute_as_much() -> None:
    # 0.231656 + 0.1765 + 0.050*2 = 0.508156 J against 0.839813 J.
    assert _factors(estimate(LLAMA_70B, 100, "physical-2026"))[Change.EIGHT_BITS] == pytest.approx(
        0.508156 / 0.839813, rel=1e-5
    )


def test_a_model_released_in_eight_bits_has_nothing_to_gain_there() -> None:
    assert Change.EIGHT_BITS not in _factors(estimate(ModelShape("dense", 70.6, 70.6, 8), 100))


def test_hidden_reasoning_doubles_with_the_answer() -> None:
    twice = {
        change.change: change.estimate for change in what_if(estimate(LLAMA_70B, 10, reasoning_tokens=30))
    }
    assert twice[Change.TWICE_AS_LONG].tokens == 80


def test_nothing_changes_for_an_answer_without_tokens() -> None:
    assert what_if(estimate(LLAMA_70B, 0)) == ()


@given(any_shape, token_counts)
def test_twice_as_long_costs_twice_as_much(shape: ModelShape, tokens: int) -> None:
    assert _factors(estimate(shape, tokens, "physical-2026"))[Change.TWICE_AS_LONG] == pytest.approx(2)
    assert _factors(estimate(shape, tokens))[Change.TWICE_AS_LONG] >= 2 * (1 - 1e-9)  # a longer context


def chosen_otherwise(answer: Estimate, smaller: ModelShape | None = None) -> dict[Change, Estimate]:
    return {other.change: other.estimate for other in other_choices(answer, smaller)}


def test_half_as_long_halves_the_reasoning_too() -> None:
    half = chosen_otherwise(estimate(LLAMA_70B, 10, reasoning_tokens=30))[Change.HALF_AS_LONG]
    assert (half.tokens_out, half.reasoning_tokens) == (5, 15)


def test_without_its_reasoning_an_answer_is_as_long_as_it_reads() -> None:
    others = chosen_otherwise(estimate(LLAMA_70B, 10, reasoning_tokens=30))
    assert others[Change.WITHOUT_REASONING].tokens == 10
    assert Change.WITHOUT_REASONING not in chosen_otherwise(estimate(LLAMA_70B, 10))


def test_a_smaller_model_writes_the_same_tokens() -> None:
    answer = estimate(LLAMA_70B, 400, tokens_in=100)
    smaller = chosen_otherwise(answer, ModelShape("dense", 8))[Change.SMALLER_MODEL]
    assert (smaller.tokens, smaller.tokens_in) == (400, 100)
    assert smaller.mid_wh < answer.mid_wh
    assert Change.SMALLER_MODEL not in chosen_otherwise(answer)


def test_only_what_fits_into_a_laptop_could_run_on_one() -> None:
    laptop = chosen_otherwise(estimate(ModelShape("dense", 8), 400))[Change.LAPTOP]
    assert laptop.hosting.is_this_computer
    undisclosed = ModelShape("undisclosed", None, total_range_b=(1, 4))
    for answer in (estimate(LLAMA_70B, 400), laptop, estimate(undisclosed, 400)):
        assert Change.LAPTOP not in chosen_otherwise(answer)
    assert Change.LAPTOP not in chosen_otherwise(estimate(ModelShape("dense", 8), 400, "physical-2026"))


def test_nothing_could_be_chosen_otherwise_where_nothing_was_written() -> None:
    assert other_choices(estimate(LLAMA_70B, 0)) == ()
