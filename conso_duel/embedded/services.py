"""The services of one machine: the command of each, and the test of its readiness."""

import re
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from conso_duel.embedded import valkey_server
from conso_duel.embedded.ports import accepts_connections

LOOPBACK = "127.0.0.1"
BOUNDED = ("--http", "conso_duel.http_protocol:BoundedProtocol", "--ws", "none")


@dataclass(frozen=True)
class Service:
    """One process of the embedded default; the run ends with the first essential one that exits."""

    name: str
    command: tuple[str | Path, ...]
    is_ready: Callable[[Path], bool]  # given the path of its log
    timeout_seconds: float
    essential: bool = True


def valkey_service(port: int, state_dir: Path | None = None, password: str = "") -> Service:
    """The embedded Valkey, behind a password that it reads from the state folder, or without one."""
    command = valkey_server.command(port)
    if state_dir and password:
        command = valkey_server.command_with_password(port, state_dir, password)
    return Service(
        "valkey",
        command,
        lambda log: accepts_connections(LOOPBACK, port),
        timeout_seconds=10,
    )


def model_service(model: str, port: int, state_dir: Path) -> Service:
    """The server of a local model; not essential, since the pages explain that a duel needs two."""
    command = python_module("backends.local", model, "--port", str(port), "--state-dir", state_dir)
    health = f"http://{LOOPBACK}:{port}/health"
    return Service(model, command, lambda log: responds(health), timeout_seconds=180, essential=False)


def worker_service() -> Service:
    """The Celery worker that writes the answers.

    Without gossip and mingle: looking for other workers costs a second at the start, and there are none.
    """
    alone = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    celery = ("celery", "-A", "conso_duel", "--quiet", "worker", "--loglevel", "INFO")
    return Service("worker", python_module(*celery, *alone), has_logged_ready, timeout_seconds=60)


def beat_service() -> Service:
    """Celery's clock, in a process of its own: inside the worker, nobody would notice its end."""
    celery = ("celery", "-A", "conso_duel", "--quiet", "beat", "--loglevel", "INFO", "--pidfile", "")
    return Service("beat", python_module(*celery), has_logged_start, timeout_seconds=60)


def web_service(host: str, port: int, *, reload_dirs: Iterable[Path] = ()) -> Service:
    """The web server; it restarts when Python code in `reload_dirs` changes."""
    address = ("--host", host, "--port", str(port), "--loop", "uvloop", "--lifespan", "off")
    # No access log: addresses and the codes of duels stay out of files. Open streams get two seconds to end.
    serving = ("--no-access-log", "--timeout-graceful-shutdown", "2", *BOUNDED)
    # Django itself reads the headers that a proxy of ours adds.
    headers = ("--no-proxy-headers", "--no-server-header")
    watched = [word for folder in reload_dirs for word in ("--reload-dir", str(folder))]
    reload = ("--reload", *watched) if watched else ()
    command = python_module("uvicorn", "conso_duel.asgi:application", *address, *serving, *headers, *reload)
    return Service("web", command, lambda log: responds(site_address(host, port)), timeout_seconds=60)


def python_module(name: str, *arguments: str | Path) -> tuple[str | Path, ...]:
    """The command that runs a module with this Python."""
    return (sys.executable, "-m", name, *arguments)


def site_address(host: str, port: int) -> str:
    """The address to open in a browser of this machine."""
    name = LOOPBACK if host in ("0.0.0.0", "::", "") else f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}/"


def responds(url: str) -> bool:
    """Whether the URL gives any response but a 5xx."""
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except urllib.error.HTTPError as error:
        error.close()
        return error.code < 500
    except OSError:
        return False


def has_logged_start(log: Path) -> bool:
    """Whether beat has logged that it ticks."""
    return "beat: Starting" in log.read_text(errors="replace")


def has_logged_ready(log: Path) -> bool:
    """Whether a worker has logged that it takes tasks: a ping would need a Celery client in this process."""
    return bool(re.search(r"celery@\S+ ready\.", log.read_text(errors="replace")))
