"""The two models of the duels' tests, met in a browser; one of them may be held back."""

import threading
from collections.abc import Iterator

import pytest

from tests.duels.conftest import pair, upstream

__all__ = ["pair", "upstream"]


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Holds back the rest of an answer; opened at the end, so that no model keeps talking."""
    gate = threading.Event()
    yield gate
    gate.set()
