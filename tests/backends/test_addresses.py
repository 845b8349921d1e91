"""No request reaches an address that the rules forbid, whatever names it: a URL, a lookup, a redirect."""

import asyncio
import socket
from collections.abc import Iterator

import pytest

from backends.addresses import Reach, host_of, reach_of
from backends.base import FailureReason
from backends.http_client import HTTPClient
from tests import upstream as play
from tests.backends.reading import KEY, Reader

METADATA_URL = "http://169.254.169.254/latest/meta-data/"


@pytest.mark.parametrize(
    ("reach", "hosts"),
    [
        (Reach.PUBLIC, "8.8.8.8 2606:4700:4700::1111 ::ffff:8.8.8.8 64:ff9b::808:808"),
        (
            Reach.PRIVATE,
            "127.0.0.1 ::1 0.0.0.0 :: 10.1.2.3 172.31.255.255 192.168.1.1 100.64.0.1 fd12::1 fec0::1 "
            "::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::a00:1 2002:7f00:1::1 198.18.0.1 192.0.2.1",
        ),
        (
            Reach.FORBIDDEN,
            "169.254.169.254 169.254.170.2 ::ffff:169.254.169.254 ::ffff:a9fe:a9fe ::169.254.169.254 fe80::1 "
            "fe80::1%eth0 febf::1 fd00:ec2::254 100.100.100.200 ::ffff:100.100.100.200 64:ff9b::a9fe:a9fe "
            "64:ff9b:1::a9fe:a9fe 2002:a9fe:a9fe::1 224.0.0.1 ff02::1 240.0.0.1 255.255.255.255",
        ),
    ],
)
def test_an_address_is_judged_by_where_it_leads(reach: Reach, hosts: str) -> None:
    assert {host: reach_of(host) for host in hosts.split()} == dict.fromkeys(hosts.split(), reach)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://API.Mistral.ai:443/v1", "api.mistral.ai"),
        ("https://api.mistral.ai@evil.example/v1", "evil.example"),
        ("https://api.mistral.ai\\@evil.example/v1", ""),
        ("https://api.mistral.ai.evil.example/v1", "api.mistral.ai.evil.example"),
        ("http://[::1]:8000/v1", "::1"),
        ("pas une adresse", ""),
    ],
)
def test_the_host_is_the_one_that_is_asked(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    "url",
    [
        METADATA_URL,
        "http://[::ffff:169.254.169.254]/v1",
        "http://[fd00:ec2::254]/v1",
        "http://2852039166/v1",
        "http://0xa9fea9fe/v1",
        "http://0251.0376.0251.0376/v1",
    ],
)
def test_a_metadata_address_is_refused_in_every_form(reader: Reader, url: str) -> None:
    """Some forms aiohttp takes for no address at all."""
    for key in (None, KEY):
        answer = reader.read_from(reader.backend_with(url, api_key=key))
        assert answer.failure in (FailureReason.FORBIDDEN_ADDRESS, FailureReason.BAD_REQUEST)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_a_metadata_address_is_refused(reader: Reader, status: int) -> None:
    reader.upstream.moved_to["/v1/chat/completions"] = (status, METADATA_URL)
    assert reader.read(play.answer("Oui")).failure is FailureReason.FORBIDDEN_ADDRESS
    assert len(reader.upstream.requests) == 1


def resolve_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Make every lookup give these addresses."""
    found = [
        (socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0))
        for address in addresses
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: found)


@pytest.mark.parametrize("addresses", [["169.254.169.254"], ["fd00:ec2::254", "169.254.169.254"]])
def test_a_name_that_leads_to_a_metadata_address_is_refused(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, addresses: list[str]
) -> None:
    resolve_to(monkeypatch, *addresses)
    answer = reader.read_from(reader.backend_with("https://modele.example/v1"))
    assert answer.failure is FailureReason.FORBIDDEN_ADDRESS


def test_a_key_leaves_without_tls_for_no_public_address(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve_to(monkeypatch, "2606:4700:4700::1111")
    answer = reader.read_from(reader.backend_with("http://modele.example/v1"))
    assert answer.failure is FailureReason.FORBIDDEN_ADDRESS
    assert answer.error is not None
    assert "https only" in answer.error.detail and KEY not in answer.error.detail


def test_a_key_leaves_without_tls_for_no_proxy(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{reader.upstream.port}")
    answer = reader.read_from(reader.backend_with("http://modele.example/v1"))
    assert answer.failure is FailureReason.FORBIDDEN_ADDRESS
    forbidden = reader.read_from(reader.backend_with(METADATA_URL, api_key=None))
    assert forbidden.failure is FailureReason.FORBIDDEN_ADDRESS
    assert reader.upstream.requests == []


@pytest.fixture
def public_only(reader: Reader, runner: asyncio.Runner) -> Iterator[HTTPClient]:
    async def make() -> HTTPClient:
        return HTTPClient(allows_private=False)

    client = runner.run(make())
    yield client
    runner.run(client.close())


def test_models_answer_from_private_addresses_only_where_the_operator_allows_it(
    reader: Reader, public_only: HTTPClient
) -> None:
    for host in ("127.0.0.1", "localhost", "0.0.0.0", "[::ffff:127.0.0.1]"):
        for key in (None, KEY):
            url = f"http://{host}:{reader.upstream.port}/v1"
            answer = reader.read_from(reader.backend_with(url, api_key=key, http=public_only))
            assert answer.failure is FailureReason.FORBIDDEN_ADDRESS
    assert reader.upstream.requests == []
