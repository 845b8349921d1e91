"""A duel of two models of the cast, and a worker's runtime in this process.

Imports are inside the functions: this file may be read before Django is ready.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.duels.conftest import GRAND, PETIT

if TYPE_CHECKING:
    from duels.models import Duel, Turn
    from duels.worker.runtime import WorkerRuntime


@pytest.fixture
def duel(db: None) -> Duel:
    from duels.models import Answer
    from tests import cast

    return cast.make_duel(cast.petit_3b(), cast.grand_70b(), state=Answer.State.STREAMING)


@pytest.fixture
def waiting_turn(pair: None) -> Turn:
    """A turn that no worker has claimed, between the two models of the upstream."""
    from duels.models import Answer
    from models_registry.models import Endpoint
    from tests import cast

    petit, grand = (Endpoint.objects.get(provider_model=name).model for name in (PETIT, GRAND))
    return cast.make_duel(petit, grand, state=Answer.State.WAITING).last_turn


@pytest.fixture
def worker(valkey_server: str) -> Iterator[WorkerRuntime]:
    from duels.worker.runtime import WorkerRuntime

    with WorkerRuntime() as runtime:
        yield runtime
