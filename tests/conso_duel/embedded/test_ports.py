import socket
from collections.abc import Iterator

import pytest

from conso_duel.embedded import ports

LOOPBACK = "127.0.0.1"


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server((LOOPBACK, 0)) as server:
        yield server.getsockname()[1]


def test_a_taken_port_gives_the_next_free_one(taken_port: int) -> None:
    port = ports.first_free_port(LOOPBACK, taken_port)
    assert port > taken_port
    assert ports.is_free(LOOPBACK, port)


def test_a_port_that_is_free_is_used() -> None:
    port = ports.free_port()
    assert ports.first_free_port(LOOPBACK, port) == port


def test_no_port_left_is_an_error() -> None:
    with pytest.raises(OSError, match="no free port from 65536 on"):
        ports.first_free_port(LOOPBACK, ports.HIGHEST_PORT + 1)


def test_a_port_answers_only_while_something_listens(taken_port: int) -> None:
    assert ports.accepts_connections(LOOPBACK, taken_port)
    assert not ports.accepts_connections(LOOPBACK, ports.free_port())
