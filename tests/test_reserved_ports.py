"""Sessions that start at once never share a port, though each starts its services later."""

import socket

import pytest

from tests.services.environment import reserve_port


def test_a_reserved_port_is_for_its_service_alone() -> None:
    address = ("127.0.0.1", reserve_port())
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(address)
    with socket.socket() as service:
        service.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        service.bind(address)
        service.listen()
        socket.create_connection(address).close()
