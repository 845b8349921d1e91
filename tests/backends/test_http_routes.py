"""The way of a request: proxies of the environment, redirects, and where the key goes."""

import http.server
import select
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from yarl import URL

from backends import http_client
from backends.base import FailureReason
from backends.http_client import MAX_REDIRECTS, RedirectError, Request, proxy_for, redirected
from tests import upstream as play
from tests.backends.reading import KEY, QUESTION, Reader
from tests.upstream import Script, Upstream

OUI = play.event({"content": "Oui"}) + play.event({}, "stop") + play.DONE


# Proxies


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Upstream]:
    with Upstream({"m": play.answer("Oui")}) as server:
        use_proxy(monkeypatch, f"http://curateur:mot%20secret@127.0.0.1:{server.port}")
        yield server


def use_proxy(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("http_proxy", address)
    monkeypatch.setenv("https_proxy", address)
    monkeypatch.setenv("no_proxy", "interne.example")


def test_a_plain_request_goes_whole_to_the_proxy(reader: Reader, proxy: Upstream) -> None:
    backend = reader.backend_with("http://modele.example/v1", api_key=None)
    assert reader.read_from(backend).text == "Oui"
    (request,) = proxy.requests
    assert request.path == "http://modele.example/v1/chat/completions"
    assert request.headers["Host"] == "modele.example"
    assert request.headers["Proxy-Authorization"] == "Basic Y3VyYXRldXI6bW90IHNlY3JldA=="


def test_a_proxy_that_opens_no_tunnel_makes_a_server_unreachable(reader: Reader, proxy: Upstream) -> None:
    answer = reader.read_from(reader.backend_with("https://modele.example/v1"))
    assert answer.failure is FailureReason.UNREACHABLE
    assert proxy.requests == []


class Tunnel(http.server.BaseHTTPRequestHandler):
    """A proxy that opens a tunnel to one port of this machine, whatever host it is asked for."""

    target_port = 0
    asked: list[tuple[str, str | None]]

    def do_CONNECT(self) -> None:
        self.asked.append((self.path, self.headers["Proxy-Authorization"]))
        self.close_connection = True
        with socket.create_connection(("127.0.0.1", self.target_port)) as there:
            self.connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            self._copy(self.connection, there)

    @staticmethod
    def _copy(here: socket.socket, there: socket.socket) -> None:
        others = {here: there, there: here}
        while True:
            for source in select.select([here, there], [], [])[0]:
                if not (data := source.recv(65_536)):
                    return
                others[source].sendall(data)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the tests' output clean."""


def test_tls_goes_through_the_tunnel_of_a_proxy_that_never_sees_the_key(
    tls_reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str | None]] = []
    handler = type("To", (Tunnel,), {"target_port": tls_reader.upstream.port, "asked": asked})
    monkeypatch.setattr(http_client, "is_this_machine", lambda host: False)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,)).start()
        use_proxy(monkeypatch, f"http://curateur:mot@127.0.0.1:{server.server_address[1]}")
        tls_reader.upstream.play("m", play.answer("Oui"))
        url = f"https://localhost:{tls_reader.upstream.port}/v1"
        answer = tls_reader.read_from(tls_reader.backend_with(url))
        tls_reader.runner.run(tls_reader.http.close())  # ends the tunnel, which the server waits for
        server.shutdown()
    assert (answer.text, answer.error) == ("Oui", None)
    assert asked == [(f"localhost:{tls_reader.upstream.port}", "Basic Y3VyYXRldXI6bW90")]
    assert "Proxy-Authorization" not in tls_reader.upstream.requests[0].headers


@pytest.mark.usefixtures("proxy")
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.0.1", "[::1]", "interne.example"])
def test_this_machine_and_what_no_proxy_names_are_reached_directly(host: str) -> None:
    assert proxy_for(URL(f"http://{host}:8080/v1")) is None
    assert proxy_for(URL("http://modele.example/v1")) is not None


def test_a_proxy_may_be_named_without_its_scheme(monkeypatch: pytest.MonkeyPatch) -> None:
    use_proxy(monkeypatch, "proxy.example:3128")
    assert proxy_for(URL("https://modele.example/v1")) == URL("http://proxy.example:3128")


# Redirects


def redirect(status: int, location: str) -> Script:
    return Script([b"moved"], status=status, content_type="text/plain", headers={"Location": location})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_with_the_same_method_body_and_key(reader: Reader, status: int) -> None:
    with Upstream({"m": play.answer("Oui")}) as there:
        reader.upstream.moved_to["/v1/chat/completions"] = (status, "/v2/chat/completions")
        assert reader.read(play.answer("Oui")).text == "Oui"
        first, second = reader.upstream.requests
        assert (first.path, second.path) == ("/v1/chat/completions", "/v2/chat/completions")
        assert first.body == second.body
        assert second.headers["Authorization"] == f"Bearer {KEY}"
        assert there.requests == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_the_key_is_never_sent_to_another_server(reader: Reader, status: int) -> None:
    with Upstream({"m": play.answer("Oui")}) as there:
        elsewhere = f"http://localhost:{there.port}/v1/chat/completions"
        reader.upstream.play("m", redirect(status, elsewhere))
        assert reader.read_from(reader.backend).text == "Oui"
        (request,) = there.requests
    assert "Authorization" not in request.headers
    assert request.messages == [{"role": "user", "content": QUESTION[0].content}]


def test_redirects_are_followed_a_few_times_only(reader: Reader) -> None:
    answer = reader.read(redirect(307, "/v1/chat/completions"))
    assert answer.failure is FailureReason.PROTOCOL_ERROR
    assert len(reader.upstream.requests) == MAX_REDIRECTS + 1


HERE = Request("POST", "http://modele.example/v1/chat", {"Authorization": "Bearer cle", "Accept": "x"}, b"{}")


@pytest.mark.parametrize(
    ("location", "has_key"),
    [
        ("/v2/chat", True),
        ("http://modele.example/v2", True),
        ("https://modele.example/v1/chat", True),
        ("https://modele.example:8443/v1/chat", False),
        ("http://modele.example:8080/v1/chat", False),
        ("//voleur.example/v1/chat", False),
        ("http://modele.example.voleur.example/", False),
        ("http://modele.example@voleur.example/", False),
    ],
)
def test_the_key_stays_with_its_server(location: str, has_key: bool) -> None:
    there = redirected(HERE, location)
    assert ("Authorization" in there.headers) is has_key
    assert (there.method, there.body) == ("POST", b"{}")


def test_a_key_that_was_left_out_does_not_come_back() -> None:
    away = redirected(HERE, "http://ailleurs.example/")
    assert "Authorization" not in redirected(away, HERE.url).headers


@pytest.mark.parametrize(
    "location", ["ftp://modele.example/", "file:///etc/passwd", "http://[", "http://x:y/"]
)
def test_a_redirect_to_what_is_no_server_is_refused(location: str) -> None:
    with pytest.raises(RedirectError):
        redirected(HERE, location)


def test_a_redirect_that_leaves_tls_is_refused() -> None:
    with pytest.raises(RedirectError):
        redirected(replace(HERE, url="https://modele.example/v1"), "http://modele.example/v1")
