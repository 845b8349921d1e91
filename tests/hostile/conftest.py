"""The two models of the duels' tests."""

from tests.duels.conftest import pair, upstream, visitor

__all__ = ["pair", "upstream", "visitor"]
