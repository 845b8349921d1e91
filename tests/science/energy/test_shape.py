from dataclasses import asdict

import pytest

from science.energy import Architecture, ModelShape
from science.energy.shape import ServedSize
from tests.science.energy.shapes import GEMMA_E2B, LLAMA_70B, MIXTRAL, SECRET


def test_a_dense_model_uses_all_its_parameters() -> None:
    assert ModelShape(Architecture.DENSE, 70.6) == LLAMA_70B


def test_an_architecture_may_be_given_by_its_name() -> None:
    assert ModelShape("dense", 70.6).architecture is Architecture.DENSE


def test_the_effective_size_of_a_matformer_stands_for_its_size() -> None:
    assert set(GEMMA_E2B.served_sizes()) == {ServedSize(2.0, 2.0)}


def test_the_active_parameters_of_a_matformer_are_its_effective_size() -> None:
    assert ModelShape(Architecture.MATFORMER, 5.0, 2.0) == GEMMA_E2B


def test_both_ends_of_a_hypothesis_are_served() -> None:
    low, mid, high = SECRET.served_sizes()
    assert (low, high) == (ServedSize(200, 40), ServedSize(1800, 280))
    assert mid.total_b == pytest.approx(600)
    assert mid.active_b == pytest.approx(105.83, abs=0.01)


def test_a_hypothesis_without_experts_is_dense() -> None:
    shape = ModelShape(Architecture.UNDISCLOSED, None, total_range_b=(20, 80))
    assert shape.served_sizes()[0] == ServedSize(20, 20)


@pytest.mark.parametrize(
    ("facts", "complaint"),
    [
        (("transformer", 7), "unknown architecture"),
        (("dense", None), "needs total_params_b"),
        (("dense", 0), "must be a positive number"),
        (("dense", float("nan")), "must be a positive number"),
        (("dense", 70, 7), "all parameters of a dense model are active"),
        (("dense", 70, 70, 0), "weight_bits must lie between"),
        (("mixture_of_experts", 46.7), "needs active_params_b"),
        (("mixture_of_experts", 12.9, 46.7), "more parameters"),
        (("matformer", 5), "needs effective_params_b"),
        (("undisclosed", 100), "has no published size"),
        (("undisclosed", None), "needs a hypothesis"),
    ],
)
def test_facts_that_do_not_hold_together_are_refused(facts: tuple, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        ModelShape(*facts)


@pytest.mark.parametrize(
    ("architecture", "total_b", "hypothesis", "complaint"),
    [
        ("dense", 70, {"total_range_b": (1, 2)}, "for an undisclosed model only"),
        ("dense", 70, {"effective_params_b": 2}, "for a MatFormer only"),
        ("matformer", 5, {"active_params_b": 4, "effective_params_b": 2}, "must equal effective_params_b"),
        ("matformer", 5, {"effective_params_b": 8}, "more parameters"),
        ("undisclosed", None, {"total_range_b": (80, 20)}, "from low to high"),
        ("undisclosed", None, {"total_range_b": (20, 80), "active_range_b": (40, 60)}, "more parameters"),
        ("undisclosed", None, {"total_range_b": (20, 80), "effective_params_b": 2}, "for a MatFormer only"),
    ],
)
def test_a_hypothesis_that_does_not_hold_together_is_refused(
    architecture: str, total_b: float | None, hypothesis: dict, complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        ModelShape(architecture, total_b, **hypothesis)


@pytest.mark.parametrize("shape", [LLAMA_70B, MIXTRAL, GEMMA_E2B, SECRET])
def test_a_shape_that_was_stored_is_the_same_shape(shape: ModelShape) -> None:
    assert ModelShape(**asdict(shape)) == shape
