"""Hostile forms, addresses and headers over real HTTP: an answer below 500, and no script but ours."""

import json
import re
import socket
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import quote, urlsplit

import httpx
import pytest

from duels.models import Duel, Vote, VoteComment
from tests.hostile.corpus import corpus
from tests.visitor import Visitor

POSTS = 120
PAGES = (
    "/", "/duels/", "/modeles/", "/classement/", "/classement/duels/", "/comprendre/taille/",
    "/comprendre/jetons/", "/comprendre/architecture/", "/comprendre/simulateur/", "/comprendre/methode/",
    "/comprendre/quiz/",
)  # fmt: skip
VALUES = (
    "<script>window.__pwned=1</script>", "\"'><svg onload=alert(1)>", "\x00", "\ufffe\u202e", "-1",
    "9" * 5_000, "1e400", "NaN", "٣", "²", "../../etc/passwd", "{{7*7}}{%x%}", "' OR 1=1 --", "a" * 5_000,
)  # fmt: skip
OURS = re.compile(r'<script (type="module"|defer) src="/static/')


def assert_held(response: httpx.Response) -> None:
    """No failure of the server; every script tag of a page is one of ours, and no tag listens."""
    assert response.status_code < 500, (
        f"{response.request.method} {response.request.url} {response.status_code}"
    )
    if "html" in response.headers.get("content-type", ""):
        assert response.text.count("<script") == len(OURS.findall(response.text))
        without_values = re.sub(r'"[^"]*"', '""', response.text)
        assert re.findall(r"<[a-z][^<>]*\son[a-z]+\s*=", without_values) == []


@pytest.fixture
def finished(visitor: Visitor) -> str:
    """A duel that waits for its vote."""
    duel = visitor.open_duel("Bonjour")
    visitor.follow(duel)
    return duel


def test_hundreds_of_hostile_questions_are_asked_and_shown(visitor: Visitor) -> None:
    for text in corpus()[:POSTS]:
        visitor.http.cookies.clear()  # a new visitor each time: each may ask only so much
        response = visitor.post("/duels/", prompt=text)
        assert response.status_code in (200, 422)
        assert_held(response)
    assert Duel.objects.count() > POSTS / 2


def test_hostile_comments_are_stored_as_they_are_and_shown_as_text(visitor: Visitor, finished: str) -> None:
    text = "\n".join(corpus()[:8])[:2_000].replace("\x00", "").strip()
    revealed = visitor.post(f"{finished}vote/", choice="a", comment_a=text, reasons_a=["clear"])
    assert_held(revealed)
    assert VoteComment.objects.get().comment == text


FIELDS = (
    "prompt",
    "mode",
    "first",
    "second",
    "choice",
    "reasons_a",
    "comment_b",
    "side",
    "factor",
    "liking",
    "reasons",
)
ACTIONS = ("turns/", "vote/", "second-vote/", "retry/", "turns/1/a/reaction/", "share/")


@pytest.mark.parametrize("action", ACTIONS)
def test_no_form_of_a_duel_breaks_on_values_of_any_kind(visitor: Visitor, finished: str, action: str) -> None:
    for value in VALUES:
        assert_held(visitor.post(f"{finished}{action}", **dict.fromkeys(FIELDS, value)))
        assert_held(visitor.post(f"{finished}{action}", **{value[:200]: value}))
    assert not Vote.objects.exists()


@pytest.mark.parametrize("page", PAGES)
def test_no_address_of_a_page_breaks_it(visitor: Visitor, page: str) -> None:
    names = set(re.findall(r'name="(\w+)"', visitor.http.get(page).text)) | {"page", "tri", "draw", "choices"}
    for value in VALUES:
        for name in sorted(names - {"viewport", "robots", "description"}):
            assert_held(visitor.http.get(f"{page}?{name}={quote(value)}"))
    assert_held(visitor.http.get(f"{page}?%ff%fe=%c0%80&&==&[]=1&{'x=1&' * 2_000}"))


@pytest.mark.parametrize(
    "path", ["/duels/{}/", "/modeles/{}/", "/classement/modeles/{}/", "/{}", "/i18n/{}", "/static/{}"]
)
def test_no_path_breaks_the_site(visitor: Visitor, path: str) -> None:
    for value in (*VALUES, "%ff%fe", "..%2f..%2fetc%2fpasswd", "%0d%0aSet-Cookie:%20x=1"):
        response = visitor.http.get(path.format(value if "%" in value else quote(value, safe="")))
        assert_held(response)
        assert "x" not in response.cookies


HEADERS: Mapping[str, tuple[str, ...]] = {
    "Accept-Language": ("<script>", "fr;q=NaN", "a" * 5_000, ",,,;;;", "\xe9"),
    "Last-Event-ID": ("<script>", "9" * 40 + "-0", "-", "0-0", "٣-٣", "18446744073709551616-1"),
    "Cookie": (
        "sessionid=<script>",
        "csrftoken=\x80; sessionid=\x80; visitor=\x80",
        "visitor=<script>; visitor=" + "a" * 31 + "é",
        "=;=;=",
        "a" * 5_000,
        "django_language=../../x",
    ),
    "HX-Request": ("true", "<script>"),
    "HX-Current-URL": ("javascript:alert(1)", "http://[::", "%%%"),
    "HX-Target": ('"><script>',),
    "Referer": ("javascript:alert(1)", "http://[", "\xff"),
    "Range": ("bytes=-1", "bytes=9-1,2-3", "x"),
    "If-Modified-Since": ("<script>", "9" * 400),
    "If-None-Match": ('"' * 500,),
    "Accept-Encoding": ("gzip;q=x", "\x80", "br, zstd, gzip" * 50),
    "X-Forwarded-For": ("<script>", "::::", "1.2.3.4," * 300),
    "X-Forwarded-Proto": ("javascript",),
    "X-Request-ID": ("<script>", "a" * 5_000, "x y"),
    "Origin": ("null", "http://[", "javascript:"),
    "Accept": ("<script>", "*/*;" * 300),
}


@pytest.mark.parametrize("name", HEADERS)
def test_no_header_breaks_a_page_a_form_or_a_stream(visitor: Visitor, finished: str, name: str) -> None:
    for value in HEADERS[name]:
        headers = [(name, value.encode("utf-8" if max(value) > "\xff" else "latin-1"))]
        for path in ("/", finished, f"{finished}turns/1/stream/", "/modeles/", "/sante/"):
            assert_held(visitor.http.get(path, headers=headers))
        assert_held(visitor.http.post(f"{finished}vote/", headers=headers, data={"choice": "<script>"}))


BODIES: Mapping[str, tuple[str, bytes]] = {
    "invalid UTF-8": ("application/x-www-form-urlencoded", b"prompt=%ff%fe%c0%80&mode=%80"),
    "raw invalid UTF-8": ("application/x-www-form-urlencoded", b"prompt=\xff\xfe\xc0\x80"),
    "NUL": ("application/x-www-form-urlencoded", b"prompt=a%00b"),
    "half of a pair": ("application/x-www-form-urlencoded", b"prompt=%ed%a0%80"),
    "a charset that is none": ("application/x-www-form-urlencoded; charset=zork", b"prompt=a"),
    "a charset of two bytes": (
        "application/x-www-form-urlencoded; charset=utf-16",
        "prompt=a".encode("utf-16"),
    ),
    "a charset that packs": ("application/x-www-form-urlencoded; charset=zip", b"prompt=a"),
    "2,000 fields": ("application/x-www-form-urlencoded", b"&".join(b"f%d=1" % n for n in range(2_000))),
    "3 MB": ("application/x-www-form-urlencoded", b"prompt=" + b"a" * 3_000_000),
    "a line of 1 MB": ("application/x-www-form-urlencoded", b"prompt=" + b"%3Cb%3E" * 150_000),
    "JSON": ("application/json", json.dumps({"prompt": "a"}).encode()),
    "broken JSON": ("application/json", b'{"prompt": '),
    "parts without a boundary": ("multipart/form-data", b"prompt=a"),
    "broken parts": (
        "multipart/form-data; boundary=x",
        b"--x\r\nContent-Disposition: form-data; name=\r\n\r\n",
    ),
    "a file in place of a text": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="prompt"; filename="../x"\r\n\r\n<script>\r\n--x--\r\n',
    ),
    "bytes": ("application/octet-stream", bytes(range(256)) * 40),
    "no type": ("", b"prompt=a"),
}


@pytest.mark.parametrize("kind", BODIES)
def test_no_body_breaks_a_form(visitor: Visitor, finished: str, kind: str) -> None:
    content_type, body = BODIES[kind]
    headers = {"Content-Type": content_type, "X-CSRFToken": visitor.http.cookies["csrftoken"]}
    for path in ("/duels/", f"{finished}turns/", f"{finished}vote/", "/comprendre/jetons/", "/i18n/setlang/"):
        assert_held(visitor.http.post(path, headers=headers, content=body))


RAW = (
    b"GET / HTTP/1.1\r\nHost: x.example\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: x.example\r\n\r\n",
    b"GET /\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET http://x.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET /?\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"ZORK / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST /duels/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzork\r\n",
    b"POST /duels/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X-Long: " + b"a" * 200_000 + b"\r\n\r\n",
    b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    bytes(range(256)) * 8,
)


@pytest.mark.parametrize("request_bytes", RAW, ids=range(len(RAW)))
def test_no_bytes_on_the_line_break_the_server(web: str, request_bytes: bytes) -> None:
    place = urlsplit(web)
    with socket.create_connection((place.hostname, place.port), timeout=10) as line:
        status_line = b""
        with suppress(OSError):  # the server may close in the middle of what it refuses
            line.sendall(request_bytes)
            line.shutdown(socket.SHUT_WR)
            status_line = line.recv(200).split(b"\r\n")[0]
    assert not re.match(rb"HTTP/1\.1 5", status_line), status_line
    assert httpx.get(f"{web}/").status_code == 200
