"""The two models of the duels' tests, and a third whose server never answers."""

from collections.abc import Iterator

import pytest

from tests.duels.conftest import GRAND, PETIT
from tests.upstream import Upstream, answer, silent

SLOW = "melange-117b"


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    scripts = {PETIT: answer("Je suis ", "bref."), GRAND: answer("Je suis ", "long."), SLOW: silent()}
    with Upstream(scripts) as server:
        yield server


@pytest.fixture
def trio(upstream: Upstream, transactional_db: None) -> None:
    from tests import cast  # this file is read before Django is ready

    cast.petit_3b(upstream.url)
    cast.grand_70b(upstream.url)
    cast.melange_117b(upstream.url)
