"""Processor time as Linux tells it: of a process found by its port, with its children."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from backends.metering import process_time

pytestmark = pytest.mark.skipif(not process_time.PROC.exists(), reason="Linux only")

# Listens, computes for a quarter of a second in a child of its own, and waits. Linux drops parts of a tick.
SERVER = """
import socket, subprocess, sys
server = socket.create_server(("127.0.0.1", 0))
work = "import time\\nwhile time.process_time() < 0.25: pass"
subprocess.run([sys.executable, "-c", work])
print(server.getsockname()[1], flush=True)
sys.stdin.read()
"""


@pytest.fixture
def server() -> Iterator[tuple[int, int]]:
    """The process and the port of a server that has computed."""
    command = [sys.executable, "-c", SERVER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout and process.stdin
        yield process.pid, int(process.stdout.readline())
        process.stdin.close()


def test_a_server_is_found_by_its_port_and_its_children_count(server: tuple[int, int]) -> None:
    pid, port = server
    assert process_time.listening_process(port) == pid
    seconds = process_time.processor_seconds(pid)
    assert seconds is not None and 0.2 <= seconds < 10


def test_a_process_comes_with_its_children() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert {os.getpid(), child.pid} <= process_time.family(os.getpid())
        assert process_time.family(child.pid) == {child.pid}
        child.communicate(b"\n")


def test_a_port_without_a_listener_has_no_process() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        assert process_time.listening_process(unused.getsockname()[1]) is None


def test_without_proc_nothing_is_measured(tmp_path: Path) -> None:
    assert process_time.listening_process(80, tmp_path) is None
    assert process_time.processor_seconds(1, tmp_path) is None
    assert process_time.machine_busy_seconds(tmp_path) is None


def test_busy_seconds_leave_out_the_idle_ones_and_do_not_count_guests_twice(tmp_path: Path) -> None:
    (tmp_path / "stat").write_text("cpu 100 20 30 9999 8888 4 5 6 50 0\ncpu0 1 1 1 1\n")
    assert process_time.machine_busy_seconds(tmp_path) == pytest.approx(165 / process_time.TICKS_PER_SECOND)
