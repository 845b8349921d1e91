"""A proxy between browser and site, as schools and firms have: pages go through, streams of events do not.

with Proxy(site, cut) as proxy:
    page.goto(proxy.url)
"""

import http.client
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

EVENT_STREAM = "text/event-stream"
OWN_HEADERS = {"connection", "content-length", "transfer-encoding"}  # of each connection


class Handler(BaseHTTPRequestHandler):
    """Forwards one request, and gives its answer back whole unless it is a stream."""

    server: "Server"

    def forward(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        site = http.client.HTTPConnection(self.server.site, timeout=60)
        try:
            site.request(self.command, self.path, body or None, dict(self.headers.items()))
            response = site.getresponse()
            self.server.paths.append(self.path)
            if response.headers.get_content_type() == EVENT_STREAM:
                self.server.treat(self, response)
            else:
                self.give(response)
        finally:
            site.close()

    do_GET = do_POST = forward

    def give(self, response: http.client.HTTPResponse) -> None:
        body = response.read()
        self.begin(response)
        self.wfile.write(body)

    def begin(self, response: http.client.HTTPResponse) -> None:
        """Status and headers; the connection ends with the body."""
        self.send_response(response.status)
        for name, value in response.getheaders():
            if name.lower() not in OWN_HEADERS:
                self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing: the site has a log."""


Treatment = Callable[[Handler, http.client.HTTPResponse], None]


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, site: str, treat: Treatment) -> None:
        self.site = urlsplit(site).netloc
        self.treat = treat
        self.paths: list[str] = []
        self.closing = threading.Event()
        super().__init__(("127.0.0.1", 0), Handler)

    def handle_error(self, *_: object) -> None:
        """Browsers leave in the middle, as everybody."""


class Proxy:
    """The proxy; a context manager. `paths` are those of the requests that it forwarded."""

    def __init__(self, site: str, treat: Treatment) -> None:
        self._server = Server(site, treat)
        self.paths = self._server.paths
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, name="proxy", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.closing.set()
        self._server.shutdown()
        self._server.server_close()


def cut(handler: Handler, response: http.client.HTTPResponse) -> None:
    """Break the connection without a word."""
    handler.close_connection = True


def end_at_once(handler: Handler, response: http.client.HTTPResponse) -> None:
    """Give the headers of the stream, then end it."""
    handler.begin(response)


def forbid(handler: Handler, response: http.client.HTTPResponse) -> None:
    """Give a page of the proxy in its place."""
    handler.send_error(403, "Blocked by policy")


def hold_back(handler: Handler, response: http.client.HTTPResponse) -> None:
    """Give the stream once it has ended, whole: it was scanned."""
    handler.give(response)


def give_a_portal(handler: Handler, response: http.client.HTTPResponse) -> None:
    """Give a page that asks for a login in its place, with a status that says all is well."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    handler.wfile.write(b"<html>Connectez-vous</html>")


def join_events(handler: Handler, response: http.client.HTTPResponse) -> None:
    """Let all through but the blank lines, which end the events."""
    handler.begin(response)
    while piece := response.read1(4_096):
        handler.wfile.write(piece.replace(b"\n\n", b"\n"))
        handler.wfile.flush()


def mute(handler: Handler, response: http.client.HTTPResponse) -> None:
    """Give the headers, then nothing, and never an end."""
    handler.begin(response)
    handler.wfile.flush()
    handler.server.closing.wait()


def never_answer(handler: Handler, response: http.client.HTTPResponse) -> None:
    """Not even the headers."""
    handler.server.closing.wait()


def mute_in_the_middle(handler: Handler, response: http.client.HTTPResponse) -> None:
    """Let the first bytes through, then nothing more."""
    handler.begin(response)
    handler.wfile.write(response.read1(200))
    handler.wfile.flush()
    handler.server.closing.wait()
