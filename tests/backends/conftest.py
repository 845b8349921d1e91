"""A scripted server, connections of its own, and an ear for it."""

from collections.abc import Iterator

import pytest

from backends.connections import Connections
from tests.backends.ear import Ear
from tests.upstream import Upstream


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as server:
        yield server


@pytest.fixture
def connections() -> Iterator[Connections]:
    pool = Connections()
    yield pool
    pool.close()


@pytest.fixture
def ear(upstream: Upstream, connections: Connections) -> Ear:
    return Ear(upstream, connections)
