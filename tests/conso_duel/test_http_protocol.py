"""The web server bounds requests in size and time by itself; what is in order passes as ever."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from urllib.parse import urlsplit

import httpx
import pytest

from conso_duel import http_protocol

MEGABYTE = 1_000_000


@contextmanager
def connected(web: str, address: str = "127.0.0.1") -> Iterator[socket.socket]:
    port = urlsplit(web).port
    with socket.create_connection(("127.0.0.1", port), 15, source_address=(address, 0)) as client:
        yield client


def send_without_end(client: socket.socket, piece: bytes, most_bytes: int) -> int:
    """How many bytes were taken before the server closed."""
    sent = 0
    with suppress(ConnectionError):
        while sent < most_bytes:
            sent += client.send(piece)
    return sent


def read_rest(client: socket.socket) -> bytes:
    received = b""
    with suppress(ConnectionError):
        while piece := client.recv(65_536):
            received += piece
    return received


def assert_served_beside(web: str) -> None:
    """Another visitor gets a page within a second."""
    assert httpx.get(web).elapsed.total_seconds() < 1


def test_headers_without_end_are_cut_off_after_64_kilobytes(web: str) -> None:
    with connected(web) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        sent = send_without_end(client, b"X-Long: " + b"a" * 8_000 + b"\r\n", 200 * MEGABYTE)
    assert sent < 8 * MEGABYTE  # what the buffers of the system hold
    with connected(web) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"a" * 70_000)
        assert read_rest(client).startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "in chunks"])
def test_a_body_of_300_megabytes_is_refused_at_its_start(web: str, announced: bool) -> None:
    length = b"Content-Length: 300000000" if announced else b"Transfer-Encoding: chunked"
    form = b"Content-Type: application/x-www-form-urlencoded"
    head = b"\r\n".join([b"POST /duels/ HTTP/1.1", b"Host: localhost", length, form, b"", b""])
    piece = b"a" * 10_000 if announced else b"2710\r\n" + b"a" * 10_000 + b"\r\n"
    with connected(web) as client:
        client.sendall(head)
        sent = send_without_end(client, piece, 300 * MEGABYTE)
    assert_served_beside(web)
    assert sent < 12 * MEGABYTE
    if announced:
        with connected(web) as client:
            client.sendall(head)
            assert read_rest(client).startswith(b"HTTP/1.1 413 ")


def test_trailers_without_end_are_cut_off(web: str) -> None:
    with connected(web) as client:
        client.sendall(b"POST /duels/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n")
        sent = send_without_end(client, b"X-T: " + b"a" * 8_000 + b"\r\n", 200 * MEGABYTE)
    assert sent < 12 * MEGABYTE


def test_a_long_question_and_a_long_header_pass(web: str) -> None:
    answer = httpx.post(f"{web}/duels/", data={"prompt": "\U0001f600" * 8_000}, headers={"X-A": "a" * 8_000})
    assert answer.status_code == 403  # its form has no token: the page has read it
    assert httpx.get(f"{web}/sante/").status_code == 200


@pytest.mark.slow
def test_what_is_sent_by_half_is_closed_in_time_while_others_are_served(web: str) -> None:
    head = b"POST /duels/ HTTP/1.1\r\nHost: localhost\r\n"
    halves = [b"", b"GET / HTTP/1.1\r\nHost: loc", head, head + b"Content-Length: 90\r\n\r\nprompt=Pourq"]
    started = time.perf_counter()
    with ExitStack() as stack:
        clients = [stack.enter_context(connected(web)) for _ in halves]
        for client, half in zip(clients, halves, strict=True):
            client.sendall(half)
        assert_served_beside(web)
        for client in clients:
            assert read_rest(client).startswith(b"HTTP/1.1 408 ")
    assert time.perf_counter() - started < http_protocol.BODY_SECONDS + 3


def test_connections_of_one_address_are_limited_and_another_is_served(web: str) -> None:
    clients = []
    try:
        for _ in range(600):
            clients.append(socket.create_connection(("127.0.0.1", urlsplit(web).port), 15))
        last = clients[-1]
        assert read_rest(last).startswith(b"HTTP/1.1 503 ")
        with connected(web, "127.0.0.3") as neighbour:
            neighbour.sendall(b"GET /sante/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            assert read_rest(neighbour).startswith(b"HTTP/1.1 200 ")
    finally:
        for client in clients:
            client.close()
