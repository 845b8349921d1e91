"""A visitor over plain HTTP: opens a duel, follows its stream, votes."""

import html
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import httpx

STREAM_TIMEOUT_SECONDS = 60
FOLLOW_SECONDS = 180  # of a whole answer, on a machine that has much else to do


@dataclass(frozen=True)
class ServerSentEvent:
    """One Server-Sent Event as it came."""

    name: str
    id: str
    data: str


class Visitor:
    """One browser session without a browser; address: from which of this machine it comes."""

    def __init__(self, base_url: str, address: str = "127.0.0.1") -> None:
        self.http = httpx.Client(
            base_url=base_url,
            timeout=STREAM_TIMEOUT_SECONDS,
            follow_redirects=True,
            transport=httpx.HTTPTransport(local_address=address),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def post(self, path: str, /, **fields: object) -> httpx.Response:
        """A form sent with the token of the site's cookie."""
        if self._csrf_token() is None:
            self.http.get("/")
        return self.http.post(path, data={**fields, "csrfmiddlewaretoken": self._csrf_token()})

    def _csrf_token(self) -> str | None:
        """That of the site's cookie, whose name is a longer one where only TLS carries it."""
        cookies = self.http.cookies.items()
        return next((value for name, value in cookies if name.endswith("csrftoken")), None)

    def open_duel(self, prompt: str) -> str:
        """The address of a new duel's page, which was read."""
        response = self.post("/duels/", prompt=prompt)
        assert response.status_code == 200, response.text
        return response.url.path

    def stream_url(self, duel: str) -> str | None:
        """The address of the stream in the page; None when no answer is being written."""
        found = re.search(r'data-stream-url="([^"]+)"', self.http.get(duel).text)
        return found.group(1) if found else None

    def newest_stream(self, duel: str) -> str:
        """The stream of the newest turn, which can be read whether it has ended or not."""
        numbers = re.findall(r'id="turn-(\d+)"', self.http.get(duel).text)
        return f"{duel}turns/{numbers[-1]}/stream/"

    def events(self, url: str, last_id: str = "") -> Iterator[ServerSentEvent]:
        """The events of one connection, until the server ends it."""
        headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": last_id} if last_id else {})
        with self.http.stream("GET", url, headers=headers) as response:
            assert response.status_code == 200
            assert response.headers["content-type"] == "text/event-stream"
            yield from _parsed(response.iter_text())

    def follow(self, duel: str) -> "FollowedStream":
        """Read the stream of the newest turn to its `end`, reconnecting as a browser does.

        Raises AssertionError for one without end.
        """
        following = FollowedStream()
        url, began = self.newest_stream(duel), time.monotonic()
        while not following.is_over:
            assert time.monotonic() - began < FOLLOW_SECONDS, f"no end after {following.names[-5:]}"
            following.read(self.events(url, following.last_id))
        return following


class FollowedStream:
    """The page that the events of a stream make: the text of each side and how it ended."""

    def __init__(self) -> None:
        self.text = {"a": "", "b": ""}
        self.reasoning = {"a": "", "b": ""}
        self.html = {"a": "", "b": ""}
        self.raw = {"a": b"", "b": b""}  # text without HTML yet, in UTF-16
        self.endings: dict[str, ServerSentEvent] = {}
        self.names: list[str] = []  # without the heartbeats
        self.heartbeats = 0
        self.last_id = ""
        self.is_over = False

    def read(self, events: Iterator[ServerSentEvent], at_most: int | None = None) -> None:
        """Read events as the page's script does; `at_most` of them when the connection is to be dropped."""
        end = None if at_most is None else len(self.names) + at_most
        for event in events:
            if event.name == "heartbeat":
                self.heartbeats += 1
                continue
            self._apply(event)
            if self.is_over or len(self.names) == end:
                return

    def _apply(self, event: ServerSentEvent) -> None:
        self.names.append(event.name)
        self.last_id = event.id or self.last_id
        side, _, kind = event.name.partition("-")
        match kind:
            case "start":
                self.text[side] = self.reasoning[side] = self.html[side] = ""
                self.raw[side] = b""
            case "chunk":
                self.text[side] += html.unescape(event.data)
                self.raw[side] += html.unescape(event.data).encode("utf-16-le")
            case "html":
                self._replace(side, *event.data.split("\n", 1))
            case "reasoning":
                self.reasoning[side] += html.unescape(event.data)
            case "done" | "failed":
                self.endings[side] = event
            case _:
                self.is_over = event.name == "end"

    def _replace(self, side: str, units: str, rendered: str) -> None:
        """HTML in place of so much text, or of all that is shown."""
        if units == "all":
            self.html[side], self.raw[side] = rendered, b""
        else:
            self.html[side] += rendered
            self.raw[side] = self.raw[side][2 * int(units) :]


def _parsed(pieces: Iterator[str]) -> Iterator[ServerSentEvent]:
    buffer = ""
    for piece in pieces:
        *blocks, buffer = (buffer + piece).split("\n\n")
        for block in blocks:
            fields = [line.partition(": ")[::2] for line in block.split("\n")]
            named = dict(fields)
            if "event" in named:
                data = "\n".join(value for name, value in fields if name == "data")
                yield ServerSentEvent(named["event"], named.get("id", ""), data)
