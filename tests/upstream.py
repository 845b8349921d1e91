"""A real HTTP server on loopback that answers as the tests' models, each by its script.

    with Upstream({"calm": answer("Bonjour", " !"), "rude": refuses(401)}) as upstream:
        OpenAICompatible(upstream.url, "calm")

The model named in the request chooses the script. `upstream.active` counts the answers being written: it
falls to zero when the clients have closed their connections.
"""

import contextlib
import json
import select
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self, cast

from tests.waiting import DEADLINE_SECONDS, POLL_SECONDS

SECRET_ERROR = "raw-provider-error-7f3a: org-SECRET quota table shard 12"  # must never reach a page
DEFAULT_USAGE_IN = 12


@dataclass(frozen=True)
class Script:
    """The server's behaviour when it is asked: a status, then the body piece by piece.

    A piece that is an Event holds the answer back until a test sets it.
    """

    pieces: Sequence[bytes | threading.Event] = ()
    status: int = 200
    content_type: str = "text/event-stream"
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_seconds: float = 0.0
    dies: bool = False  # breaks the connection after the last piece
    mute: bool = False  # sends nothing at all, not even the status
    drips: bool = False  # one header that never ends, byte by byte
    hangs: bool = False  # keeps the connection open after the last piece, and sends nothing more
    alone: threading.Semaphore | None = None  # held while it sends: one answer waits for another


@dataclass(frozen=True)
class Received:
    """A request as it arrived."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]
    client: tuple[str, int]  # the same for requests on the same connection

    @property
    def messages(self) -> list[dict[str, str]]:
        return cast(list[dict[str, str]], self.body["messages"])


def event(delta: Mapping[str, Any], finish_reason: str | None = None, **more: Any) -> bytes:
    """One event of the stream, as OpenAI writes it."""
    choice = {"index": 0, "delta": dict(delta), "finish_reason": finish_reason}
    return data_line({"id": "chatcmpl-1", "object": "chat.completion.chunk", "choices": [choice], **more})


def data_line(content: Any) -> bytes:
    """Anything as JSON in one event."""
    return b"data: " + json.dumps(content, ensure_ascii=False).encode() + b"\n\n"


DONE = b"data: [DONE]\n\n"


def usage_event(tokens_in: int, tokens_out: int, reasoning_tokens: int | None = None) -> bytes:
    """The event that ends a stream asked for with include_usage."""
    usage: dict[str, Any] = {
        "prompt_tokens": tokens_in,
        "completion_tokens": tokens_out,
        "total_tokens": tokens_in + tokens_out,
    }
    if reasoning_tokens is not None:
        usage["completion_tokens_details"] = {"reasoning_tokens": reasoning_tokens}
    return data_line({"id": "chatcmpl-1", "object": "chat.completion.chunk", "choices": [], "usage": usage})


def answer(
    *texts: str | threading.Event,
    reasoning: Iterable[str] = (),
    usage: bool = True,
    finish_reason: str = "stop",
    delay_seconds: float = 0.0,
) -> Script:
    """A normal answer: reasoning first, then one event per text; usage counts one token per event."""
    thoughts = [event({"reasoning_content": thought}) for thought in reasoning]
    words = [event({"content": text}) if isinstance(text, str) else text for text in texts]
    tokens_out = sum(isinstance(piece, bytes) for piece in (*thoughts, *words))
    last = [usage_event(DEFAULT_USAGE_IN, tokens_out, len(thoughts) or None)] if usage else []
    pieces = [*thoughts, *words, event({}, finish_reason), *last, DONE]
    return Script(pieces, delay_seconds=delay_seconds)


def burst(count: int = 3_000) -> Script:
    """Very many small chunks at once; `burst_text` is what they say."""
    return answer(*_words(count))


def burst_text(count: int = 3_000) -> str:
    """The text of `burst` and `long_answer`."""
    return "".join(_words(count))


def _words(count: int) -> list[str]:
    return [f"mot{number} " for number in range(count)]


def long_answer(count: int = 50_000) -> Script:
    """More tokens than anybody asked for."""
    return answer(*_words(count))


def cut_characters(text: str) -> Script:
    """The answer's bytes one by one, so that every character of several bytes is cut."""
    whole = event({"content": text}) + event({}, "stop") + DONE
    return raw(*(whole[place : place + 1] for place in range(len(whole))))


def raw(*pieces: bytes | threading.Event, content_type: str = "text/event-stream") -> Script:
    """These very bytes as the body."""
    return Script(pieces, content_type=content_type)


def dies_after(*texts: str, delay_seconds: float = 0.0) -> Script:
    """Breaks the connection in the middle of the answer."""
    return Script([event({"content": text}) for text in texts], delay_seconds=delay_seconds, dies=True)


def hangs_after(*texts: str) -> Script:
    """Says these texts, then nothing more, and keeps the connection open."""
    return Script([event({"content": text}) for text in texts], hangs=True)


def silent(mute: bool = False) -> Script:
    """Accepts the request and never sends a token; `mute`: not even a status."""
    return Script(hangs=True, mute=mute)


def refuses(
    status: int,
    message: str = SECRET_ERROR,
    code: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Script:
    """An HTTP error with a body in OpenAI's form."""
    body = json.dumps({"error": {"message": message, "type": "error", "code": code}}).encode()
    return Script([body], status=status, content_type="application/json", headers=headers or {})


def nonsense() -> Script:
    """A page of a captive portal instead of an answer."""
    return raw(b"<html><body>Bienvenue sur le Wi-Fi</body></html>\n", content_type="text/html")


class Upstream:
    """The server; a context manager."""

    def __init__(
        self,
        scripts: Mapping[str, Script] | None = None,
        port: int = 0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.scripts = dict(scripts or {})
        self.requests: list[Received] = []
        self.moved_to: dict[str, tuple[int, str]] = {}  # path -> status and Location of a redirect
        self.refused_field = ""  # a request that holds this field gets 422, as from Mistral
        self.left = 0  # answers that the client did not wait for
        self._lock = threading.Lock()
        self._active = 0
        self._sockets: set[socket.socket] = set()
        self._closing = threading.Event()
        self._server = _Server(self, port, tls)
        self._scheme = "https" if tls else "http"
        self._models: Any = None

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    @property
    def url(self) -> str:
        """The base address, for OpenAICompatible."""
        return f"{self._scheme}://127.0.0.1:{self.port}/v1"

    @property
    def models(self) -> Any:
        """The models of GET /models: the names of the scripts, unless a test sets something else."""
        return (
            [{"id": name, "object": "model"} for name in self.scripts]
            if self._models is None
            else self._models
        )

    @models.setter
    def models(self, listed: Any) -> None:
        self._models = listed

    @property
    def active(self) -> int:
        """How many answers are being written now."""
        with self._lock:
            return self._active

    def play(self, model: str, script: Script) -> None:
        """Give a model another script from now on."""
        self.scripts[model] = script

    def wait_until(
        self, condition: Callable[[Self], bool], timeout_seconds: float = DEADLINE_SECONDS
    ) -> bool:
        """Whether the condition came true in time, for instance `lambda upstream: upstream.active == 0`."""
        deadline = time.monotonic() + timeout_seconds
        while not condition(self):
            if time.monotonic() > deadline:
                return False
            time.sleep(POLL_SECONDS)
        return True

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), name="upstream").start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        with self._lock:
            for connection in self._sockets:
                _shut(connection)
        self._server.server_close()

    def opened(self, connection: socket.socket) -> None:
        with self._lock:
            self._sockets.add(connection)

    def closed(self, connection: socket.socket) -> None:
        with self._lock:
            self._sockets.discard(connection)

    def answering(self, step: int, left: bool = False) -> None:
        with self._lock:
            self._active += step
            self.left += left

    @property
    def is_closing(self) -> bool:
        return self._closing.is_set()


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # server_close() waits for them, so that no test leaves a thread
    request_queue_size = 256

    def __init__(self, upstream: Upstream, port: int, tls: ssl.SSLContext | None) -> None:
        self.upstream = upstream
        super().__init__(("127.0.0.1", port), _Handler)
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes is no error of ours; anything else is printed."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _ClientLeft(Exception):
    pass


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    @property
    def upstream(self) -> Upstream:
        return cast(_Server, self.server).upstream

    def setup(self) -> None:
        super().setup()
        self.upstream.opened(self.connection)

    def finish(self) -> None:
        self.upstream.closed(self.connection)
        super().finish()

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the tests' output clean."""

    def do_GET(self) -> None:
        self.upstream.requests.append(Received(self.path, dict(self.headers), {}, self.client_address))
        body = json.dumps({"object": "list", "data": self.upstream.models}).encode()
        self._play(Script([body], content_type="application/json"))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.upstream.requests.append(Received(self.path, dict(self.headers), body, self.client_address))
        if self.path in self.upstream.moved_to:
            status, location = self.upstream.moved_to[self.path]
            self._play(Script([b"moved"], status=status, headers={"Location": location}))
        else:
            self._play(self._script_for(body))

    def _script_for(self, body: Mapping[str, Any]) -> Script:
        refused = self.upstream.refused_field
        if refused in body:
            return refuses(422, f"extra_forbidden: {refused}")
        unknown = refuses(404, f"The model `{body['model']}` does not exist", "model_not_found")
        return self.upstream.scripts.get(body["model"], unknown)

    def _play(self, script: Script) -> None:
        self.upstream.answering(+1)
        left = False
        try:
            self._send(script)
        except (_ClientLeft, OSError):
            left = self.close_connection = True
        finally:
            self.upstream.answering(-1, left=left and not self.upstream.is_closing)

    def _send(self, script: Script) -> None:
        if not script.mute:
            self._send_head(script)
        with script.alone or contextlib.nullcontext():
            for piece in script.pieces:
                self._send_piece(piece, script.delay_seconds)
        if script.hangs or script.mute:
            self._rest(None)
        elif script.dies:
            self.close_connection = True
            _shut(self.connection)
        else:
            self.wfile.write(b"0\r\n\r\n")

    def _send_head(self, script: Script) -> None:
        self.send_response(script.status)
        for name, value in {"Content-Type": script.content_type, **script.headers}.items():
            self.send_header(name, value)
        if script.drips:
            self._drip()
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def _drip(self) -> None:
        self.flush_headers()
        self.wfile.write(b"X-Drops: ")
        while True:
            self._rest(0.02)
            self.wfile.write(b".")

    def _send_piece(self, piece: bytes | threading.Event, delay_seconds: float) -> None:
        if isinstance(piece, bytes):
            self._rest(delay_seconds)
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            return
        while not piece.wait(0.02):
            self._rest(0)

    def _rest(self, seconds: float | None) -> None:
        """Wait; raises _ClientLeft as soon as the client goes. None: until then."""
        readable, _, _ = select.select([self.connection], [], [], seconds)
        # The plain method, also on a TLS socket: it looks without taking.
        if readable and not socket.socket.recv(self.connection, 1, socket.MSG_PEEK):
            raise _ClientLeft


def _shut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):  # the client was faster
        socket.socket.shutdown(connection, socket.SHUT_RDWR)
