"""The drawings light what the models light."""

import pytest

from learn import moe_drawing
from learn.model_choices import ModelsBySlug, models_by_slug
from learn.nested_models import find_nested_models


@pytest.fixture
def found(registry: None) -> ModelsBySlug:
    return models_by_slug()


def cells(path: str) -> int:
    return path.count("M")


@pytest.mark.parametrize(
    ("slug", "total", "active", "shared", "layers"),
    [("mixtral-8x7b", 8, 2, 0, 4), ("deepseek-v3", 256, 8, 1, 1), ("llama-4-scout", 16, 1, 1, 4)],
)
def test_each_token_lights_its_experts_and_the_shared_one(
    found: ModelsBySlug, slug: str, total: int, active: int, shared: int, layers: int
) -> None:
    drawing = moe_drawing.draw_mixture(found[slug])
    assert cells(drawing.cells) == layers * (total + shared)
    assert {cells(frame.active_cells) for frame in drawing.frames} == {layers * (active + shared)}
    assert (drawing.experts_total, drawing.experts_active, drawing.shared) == (total, active, shared)


def test_a_dense_network_lights_up_whole(found: ModelsBySlug) -> None:
    drawing = moe_drawing.draw_dense(found["llama-3.3-70b"])
    assert {frame.active_cells for frame in drawing.frames} == {drawing.cells}


def test_tokens_wake_different_experts_and_a_reload_shows_the_same(found: ModelsBySlug) -> None:
    first, again = (moe_drawing.draw_mixture(found["mixtral-8x7b"]) for _ in range(2))
    assert len({frame.active_cells for frame in first.frames}) > 1
    assert first == again


def test_a_large_batch_uses_nearly_all_experts(found: ModelsBySlug) -> None:
    alone, few, many = moe_drawing.batch_usages(found["deepseek-v3"])
    assert [usage.used for usage in (alone, few, many)] == [8, 57, 222]  # 256 (1 - (1 - 8/256)^B)
    assert [cells(usage.active_cells) for usage in (alone, few, many)] == [8, 57, 222]


def test_the_drawing_and_the_table_agree(found: ModelsBySlug) -> None:
    """The share of the weights that is read lies just above that of the experts: all read the common part."""
    usages = moe_drawing.batch_usages(found["deepseek-v3"])
    labels = moe_drawing.compare_model(found["deepseek-v3"]).read_labels
    for usage, label in zip(usages, labels, strict=True):
        assert 0 <= int(label.removesuffix("\xa0%")) - 100 * usage.used / 256 <= 3


def test_a_mixture_saves_more_computing_than_reading(found: ModelsBySlug) -> None:
    row = moe_drawing.compare_model(found["deepseek-v3"])
    assert row.computed_label == "6\xa0%"
    assert row.read_labels == ["6\xa0%", "24\xa0%", "87\xa0%"]
    assert row.dense_label.startswith("÷")


def test_what_gemma_stores_is_not_what_it_computes_with(found: ModelsBySlug) -> None:
    row = moe_drawing.compare_model(found["gemma-3n-e4b"])
    assert (row.memory_label, row.stored_label, row.dense_label) == ("8", "16", "")
    nested = find_nested_models(found)
    assert nested is not None
    small, large = nested.dolls
    assert small.effective_percent < small.stored_percent < large.stored_percent == 99


def test_a_dense_model_reads_everything_for_one(found: ModelsBySlug) -> None:
    row = moe_drawing.compare_model(found["llama-3.3-70b"])
    assert set(row.read_labels) == {"100\xa0%"}
    assert row.dense_label == ""
