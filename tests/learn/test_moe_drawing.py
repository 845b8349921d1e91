"""The drawings light what the models light."""

import pytest

from learn import moe_drawing
from learn.model_choices import ModelsBySlug, models_by_slug


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
    assert alone.used == 8 < few.used <= 64 < many.used <= 256
    # Expected: 256 (1 - (1 - 8/256)^64), about 222.
    assert many.used == pytest.approx(256 * (1 - (1 - 8 / 256) ** 64), rel=0.05)


def test_a_mixture_saves_more_computing_than_reading(found: ModelsBySlug) -> None:
    row = moe_drawing.compare_model(found["deepseek-v3"])
    assert row.computed_label == "6\xa0%"
    assert row.read_labels == ["6\xa0%", "36\xa0%", "97\xa0%"]
    assert row.dense_label.startswith("÷")


def test_a_dense_model_reads_everything_for_one(found: ModelsBySlug) -> None:
    row = moe_drawing.compare_model(found["llama-3.3-70b"])
    assert set(row.read_labels) == {"100\xa0%"}
    assert row.dense_label == ""
