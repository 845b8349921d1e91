"""Figures as pages write them."""

import pytest

from web.formatting import percent


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.0, "0\u00a0%"),
        (0.002, "moins de 1\u00a0%"),
        (0.976, "98\u00a0%"),
        (0.998, "plus de 99\u00a0%"),
        (1.0, "100\u00a0%"),
    ],
)
def test_a_share_is_never_rounded_to_nothing_nor_to_everything(share: float, said: str) -> None:
    assert percent(share) == said
