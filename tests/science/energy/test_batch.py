import pytest
from hypothesis import given
from hypothesis import strategies as st

from science.energy import METHODS, ModelShape, estimate, what_if
from tests.science.energy.shapes import LLAMA_70B, MIXTRAL, any_shape, token_counts

methods = pytest.mark.parametrize("method", METHODS)


@methods
def test_sixty_four_conversations_are_served_together_by_default(method: str) -> None:
    assert estimate(MIXTRAL, 400, method) == estimate(MIXTRAL, 400, method, batch=64)
    assert estimate(MIXTRAL, 400, method).batch == 64


@given(any_shape, token_counts, st.floats(1, 500), st.floats(1, 4))
def test_sharing_the_machine_with_more_conversations_never_costs_more(
    shape: ModelShape, tokens: int, batch: float, times: float
) -> None:
    alone, shared = (estimate(shape, tokens, batch=size).mid_wh for size in (batch, batch * times))
    assert shared <= alone * (1 + 1e-9)


def test_alone_on_its_machine_a_dense_model_reads_all_its_weights_for_one_token() -> None:
    parts = {part.name: part.energy_wh for part in estimate(LLAMA_70B, 3600, batch=1).parts}
    assert parts["weights"] == pytest.approx(0.42 * 70.6 * 1.7)


@methods
def test_a_change_of_one_thing_keeps_the_conversations(method: str) -> None:
    assert {other.estimate.batch for other in what_if(estimate(MIXTRAL, 400, method, batch=8))} == {8}


@pytest.mark.parametrize("batch", [0, 0.5, -1, float("nan"), float("inf")])
def test_a_batch_below_one_is_refused(batch: float) -> None:
    with pytest.raises(ValueError, match="batch must be a number of at least 1"):
        estimate(LLAMA_70B, 400, batch=batch)
