"""How files and pages travel: packed, cached for good where their name says what is in them."""

import re
from urllib.parse import urljoin

import httpx
import pytest

from tests.face.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("compressed_files")]

BROWSER = {"Accept-Encoding": "gzip, deflate, br, zstd"}
LINKED = re.compile(r'(?:href|src)="(/static/[^"#]+)')
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
YEAR_SECONDS = 365 * 86_400


def files_of(address: str, path: str, cookies: dict[str, str]) -> list[str]:
    """The addresses of the static files that a page names."""
    return sorted(
        {urljoin(address, name) for name in LINKED.findall(httpx.get(address + path, cookies=cookies).text)}
    )


def test_files_are_compressed_and_cached_for_good(world: World, _web_process: str) -> None:
    files = files_of(_web_process, world.duels["voted"], world.cookies["visitor"])
    assert len(files) > 5
    for file in files:
        answer = httpx.get(file, headers=BROWSER)
        cache_control = answer.headers["Cache-Control"]
        assert (
            "immutable" in cache_control
            and int(re.findall(r"max-age=(\d+)", cache_control)[0]) >= YEAR_SECONDS
        ), file
        if file.endswith((".css", ".js", ".svg")) and len(answer.content) > 1_000:
            assert answer.headers["Content-Encoding"] == "br", file
            assert "Accept-Encoding" in answer.headers["Vary"]


def test_pages_are_packed_and_their_tokens_never_the_same(_web_process: str) -> None:
    """A token masked afresh each time cannot be guessed from the length of what is packed (BREACH)."""
    pages = [httpx.get(_web_process, headers=BROWSER) for _ in range(2)]
    assert {page.headers["Content-Encoding"] for page in pages} == {"gzip"}
    tokens = [token for page in pages for token in set(TOKEN.findall(page.text))]
    assert len(tokens) == len(set(tokens)) >= 2


def test_a_stream_is_never_packed(world: World, _web_process: str) -> None:
    address = f"{_web_process}{world.duels['streaming']}turns/1/stream/"
    with httpx.stream("GET", address, headers=BROWSER, cookies=world.cookies["visitor"]) as answer:
        assert answer.headers.get("Content-Encoding", "identity") == "identity"
        assert next(answer.iter_raw()).startswith(b"retry:")
