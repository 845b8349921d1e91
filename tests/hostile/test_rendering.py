"""Ten thousand hostile texts become harmless HTML."""

import pytest

from duels.markdown import to_html
from tests.duels.markdown.test_markdown import assert_harmless
from tests.hostile.corpus import SIZE, corpus

PARTS = 10


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_ten_thousand_hostile_texts_are_harmless_as_html(part: int) -> None:
    texts = corpus()[part::PARTS]
    assert len(texts) == SIZE // PARTS
    for text in texts:
        assert_harmless(to_html(text))


@pytest.mark.slow
def test_they_are_harmless_one_after_the_other_too() -> None:
    """One text may leave open what the next closes."""
    texts = corpus()[:1_000]
    for start in range(0, len(texts), 50):
        assert_harmless(to_html("\n\n".join(texts[start : start + 50])))


@pytest.mark.slow
@pytest.mark.parametrize(
    "line", ["a" * 1_000_000, "<b>" * 330_000, "é\u0301" * 500_000, "\u202e\u0000" * 500_000]
)
def test_a_line_of_a_megabyte_is_harmless(line: str) -> None:
    assert_harmless(to_html(line))
