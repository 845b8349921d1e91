"""Firefox, which schools have, and WebKit, the engine of iPads, each started once."""

import threading
from collections.abc import Iterator

import pytest

from tests.duels.conftest import pair, upstream
from tests.engines.engine import Engine
from tests.engines.firefox import Firefox
from tests.engines.webkit import WebKit

__all__ = ["pair", "upstream"]


@pytest.fixture(scope="session")
def running_firefox() -> Iterator[Firefox]:
    engine = Firefox()
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def running_webkit() -> Iterator[WebKit]:
    engine = WebKit()
    yield engine
    engine.close()


@pytest.fixture
def firefox(running_firefox: Firefox) -> Iterator[Firefox]:
    """Firefox without cookies; no script of ours may fail in it."""
    yield running_firefox
    errors = list(running_firefox.errors)
    running_firefox.forget()
    assert errors == []


@pytest.fixture
def webkit(running_webkit: WebKit) -> Iterator[WebKit]:
    yield running_webkit
    running_webkit.forget()


@pytest.fixture(params=["firefox", "webkit"])
def engine(request: pytest.FixtureRequest) -> Engine:
    engine: Engine = request.getfixturevalue(request.param)
    return engine


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Holds back the rest of an answer; opened at the end, so that no model keeps talking."""
    gate = threading.Event()
    yield gate
    gate.set()
