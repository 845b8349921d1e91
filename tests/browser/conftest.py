"""The two models of the duels' tests, met in a browser."""

from tests.duels.conftest import pair, upstream

__all__ = ["pair", "upstream"]
