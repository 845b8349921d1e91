"""What runs on one machine: the command of each part, and how one sees that it is ready."""

import re
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from conso_duel.embedded import valkey
from conso_duel.embedded.ports import accepts_connections

LOOPBACK = "127.0.0.1"
# Each duel holds one of them while it is written, made when it is needed; its second answer has one besides.
WORKER_THREADS = 400


@dataclass(frozen=True)
class Service:
    """One process of the embedded default; without an essential part, the whole stops."""

    name: str
    command: tuple[str | Path, ...]
    is_ready: Callable[[Path], bool]  # given the part's log
    timeout_seconds: float
    essential: bool = True


def valkey_service(port: int) -> Service:
    return Service(
        "valkey", valkey.command(port), lambda log: accepts_connections(LOOPBACK, port), timeout_seconds=10
    )


def model_service(model: str, port: int, state_dir: Path) -> Service:
    """A local model server; a duel needs two, but the site tells it by itself, so the rest goes on."""
    command = python_module("backends.local", model, "--port", str(port), "--state-dir", state_dir)
    health = f"http://{LOOPBACK}:{port}/health"
    return Service(model, command, lambda log: responds(health), timeout_seconds=180, essential=False)


def worker_service(*, with_beat: bool = False) -> Service:
    """The worker that writes the answers, with the clock (beat) inside where there is no other.

    Alone on its machine, it has no other worker to gossip with; looking for one costs a second at the start.
    """
    pool = ("--pool", "threads", "--concurrency", str(WORKER_THREADS))
    alone = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    beat = ("--beat",) if with_beat else ()
    celery = ("celery", "-A", "conso_duel", "--quiet", "worker", "--loglevel", "INFO")
    return Service(
        "worker", python_module(*celery, *pool, *alone, *beat), has_logged_ready, timeout_seconds=60
    )


def web_service(host: str, port: int) -> Service:
    address = ("--host", host, "--port", str(port), "--loop", "uvloop", "--lifespan", "off")
    # No access log: addresses and the codes of duels stay out of files. Open streams get two seconds to end.
    habits = ("--no-access-log", "--timeout-graceful-shutdown", "2")
    # Django itself reads what a proxy of ours adds.
    left_out = ("--no-proxy-headers", "--no-server-header")
    command = python_module("uvicorn", "conso_duel.asgi:application", *address, *habits, *left_out)
    return Service("web", command, lambda log: responds(site_address(host, port)), timeout_seconds=60)


def python_module(name: str, *arguments: str | Path) -> tuple[str | Path, ...]:
    """The command that runs a module with this Python."""
    return (sys.executable, "-m", name, *arguments)


def site_address(host: str, port: int) -> str:
    """The address to open in a browser of this machine."""
    name = LOOPBACK if host in ("0.0.0.0", "::", "") else f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}/"


def responds(url: str) -> bool:
    """Whether the address answers with anything but a failure of the server."""
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except urllib.error.HTTPError as error:
        error.close()
        return error.code < 500
    except OSError:
        return False


def has_logged_ready(log: Path) -> bool:
    """Whether a worker has written that it takes tasks: asking it would take a client of Celery here."""
    return bool(re.search(r"celery@\S+ ready\.", log.read_text(errors="replace")))
