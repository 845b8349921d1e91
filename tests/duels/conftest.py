"""Two models of the cast behind a scripted server, and a visitor who speaks HTTP."""

from collections.abc import Iterator

import pytest

from tests.models_registry.conftest import curator, curator_client
from tests.upstream import Upstream, answer
from tests.visitor import Visitor

__all__ = ["curator", "curator_client"]

PETIT, GRAND = "petit-3b", "grand-70b"


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    """A server that plays both models; each says one sentence unless a test gives it another script."""
    with Upstream({PETIT: answer("Je suis ", "bref."), GRAND: answer("Je suis ", "long.")}) as server:
        yield server


@pytest.fixture
def pair(upstream: Upstream, transactional_db: None) -> None:
    """The registry holds just the two models of the upstream."""
    from tests import cast  # this file is read before Django is ready

    cast.petit_3b(upstream.url)
    cast.grand_70b(upstream.url)


@pytest.fixture
def visitor(web: str, worker: None, pair: None) -> Iterator[Visitor]:
    with Visitor(web) as visitor:
        yield visitor
