"""Drawings and figures of the screens follow from both models."""

import pytest

from learn.model_choices import ModelsBySlug, models_by_slug
from learn.own_question.followed import example_question
from learn.own_question.screens import AnswerScreens, question_screens, storage_label


@pytest.fixture
def example(registry: None) -> list[AnswerScreens]:
    followed = example_question(models_by_slug())
    assert followed
    return question_screens(followed).answers


def test_areas_of_the_squares_are_the_weights_held_and_read(example: list[AnswerScreens]) -> None:
    dense, mixture = (one.weights for one in example)
    assert mixture.outer_percent == 100
    assert dense.inner_percent == dense.outer_percent
    assert (dense.outer_percent / 100) ** 2 == pytest.approx(24 / 671, rel=0.01)
    assert (mixture.inner_percent / 100) ** 2 == pytest.approx(37 / 671, rel=0.01)


def test_the_whole_of_a_dense_model_lights_up_and_eight_experts_of_the_other(
    example: list[AnswerScreens],
) -> None:
    dense, mixture = (one.drawing for one in example)
    assert dense and mixture
    assert {frame.active_cells for frame in dense.frames} == {dense.cells}
    assert (mixture.experts_active, mixture.experts_total) == (8, 256)


def test_frames_carry_the_first_tokens_of_the_answer(example: list[AnswerScreens]) -> None:
    for one in example:
        assert one.drawing
        assert [frame.token for frame in one.drawing.frames] == [span.text for span in one.text.spans[:3]]


def test_the_longest_bar_is_that_of_the_hungriest(example: list[AnswerScreens]) -> None:
    energies = [one.entry.energy.mid_wh for one in example]
    shares = [round(100 * energy / max(energies), 3) for energy in energies]
    assert [one.energy_percent for one in example] == shares


def test_two_models_are_needed(registry: None) -> None:
    models: ModelsBySlug = models_by_slug()
    assert example_question({}) is None
    assert example_question({slug: models[slug] for slug in ("deepseek-v3",)}) is None


@pytest.mark.parametrize(
    ("gigabytes", "label"), [(0.27, "270 Mo"), (48, "48 Go"), (4_368, "4,4 To"), (671, "670 Go")]
)
def test_memory_is_written_in_the_unit_that_suits_it(gigabytes: float, label: str) -> None:
    assert storage_label(gigabytes).replace("\u202f", " ").replace("\u00a0", " ") == label
