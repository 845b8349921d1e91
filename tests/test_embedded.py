"""`make run` as its user meets it: SQLite, Valkey and two real local models, with nothing set up."""

import html
import os
import re
import signal
import socket
import sqlite3
import subprocess
from contextlib import closing, suppress
from pathlib import Path

import httpx
import psutil
import pytest

from conso_duel.embedded.ports import free_port
from tests.services import embedded
from tests.waiting import wait_until

pytestmark = pytest.mark.site

LOCAL_MODELS = {"smollm2-135m-instruct", "gemma-3-270m"}
PROMPT = "Quelle est la capitale de la France ?"


@pytest.fixture(scope="module")
def state_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One state folder for the module: the second start finds what the first has left."""
    return tmp_path_factory.mktemp("embedded")


def csrf_token(page: str) -> str:
    return re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[0]


def post(client: httpx.Client, url: str, page: str, **fields: str) -> httpx.Response:
    """A form of this page, sent as a browser without scripts would."""
    return client.post(url, data=fields | {"csrfmiddlewaretoken": csrf_token(page)})


def events_of(client: httpx.Client, url: str) -> list[tuple[str, str]]:
    """Name and data of each event of the stream, up to its end."""
    blocks = client.get(url, headers={"Accept": "text/event-stream"}).text.split("\n\n")
    named = [block for block in blocks if "event:" in block]
    return [(field(block, "event"), field(block, "data")) for block in named]


def field(block: str, name: str) -> str:
    return "\n".join(
        line.partition(":")[2].strip() for line in block.splitlines() if line.startswith(f"{name}:")
    )


def test_a_duel_on_the_two_local_models_from_the_question_to_the_reveal(state_dir: Path) -> None:
    with (
        embedded.running(state_dir, free_port()) as run,
        httpx.Client(base_url=run.address, follow_redirects=True, timeout=120) as client,
    ):
        home = client.get("/").raise_for_status()
        duel = post(client, "/duels/", home.text, prompt=PROMPT).raise_for_status()
        assert [answer.status_code for answer in duel.history] == [303]
        assert client.get(f"{duel.url}reveal.json").status_code == 403

        stream_url = html.unescape(re.findall(r'data-stream-url="([^"]+)"', duel.text)[0])
        events = events_of(client, stream_url)
        assert {"a-start", "a-chunk", "a-done", "b-start", "b-chunk", "b-done"} <= {
            name for name, _ in events
        }
        assert events[-1][0] == "end"

        finished = client.get(duel.url).raise_for_status()
        revealed = post(client, f"{duel.url}vote/", finished.text, choice="a").raise_for_status()
        assert "SmolLM2" in revealed.text and "Gemma 3" in revealed.text

        reveal = client.get(f"{duel.url}reveal.json").raise_for_status().json()
        assert {side["model"] for side in reveal["sides"].values()} == LOCAL_MODELS
        assert reveal["vote"] == "a"
        for side in reveal["sides"].values():
            assert side["tokens_out"] > 0
            assert 0 < side["energy_wh"]["low"] < side["energy_wh"]["mid"] < side["energy_wh"]["high"]

        assert run.stop() == 0
        assert run.processes() == []
    assert_stored_in_sqlite(state_dir)


def assert_stored_in_sqlite(state_dir: Path) -> None:
    """The duel is in the state folder, finished, after everything has stopped."""
    with closing(sqlite3.connect(state_dir / "conso_duel.sqlite3")) as database:
        rows = database.execute("SELECT state, count_source FROM duels_answer").fetchall()
    assert rows == [("done", "reported")] * 2


def local_servers(state_dir: Path) -> set[str]:
    """The addresses of the demo models in the registry."""
    with closing(sqlite3.connect(state_dir / "conso_duel.sqlite3")) as database:
        rows = database.execute("SELECT base_url FROM models_registry_endpoint WHERE enabled").fetchall()
    return {address for (address,) in rows if address.startswith("http://127.0.0.1:")}


def do_respond(servers: set[str]) -> bool:
    return all(httpx.get(f"{server.removesuffix('/v1')}/health").status_code == 200 for server in servers)


def test_a_second_run_is_refused_and_a_killed_one_blocks_nothing(state_dir: Path) -> None:
    with embedded.running(state_dir, free_port()) as first:
        servers = local_servers(state_dir)
        second = subprocess.run(
            embedded.COMMAND,
            env=embedded.environment(state_dir, free_port()),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (second.returncode, second.stderr) == (1, "")
        assert second.stdout.replace("\u00a0", " ") == (
            f"Conso Duel tourne déjà ici : {first.address}/ (arrêtez-le avec Ctrl-C dans son terminal).\n"
        )
        assert local_servers(state_dir) == servers
        assert do_respond(servers)
        first.process.kill()
        first.process.wait()
    with embedded.running(state_dir, free_port()):
        assert local_servers(state_dir) != servers
        assert do_respond(local_servers(state_dir))


PARTS = {
    "valkey": "valkey-server",
    "worker": "worker",
    "beat": "beat",
    "web": "uvicorn",
    "gemma-3-270m": "gemma-3-270m",
}


def pids_of_parts(run: embedded.EmbeddedRun) -> dict[str, int]:
    """The process of each part that runs, by a word of its command."""
    # Not run.processes(): Valkey writes its title over its environment.
    children = psutil.Process(run.process.pid).children()
    running: list[tuple[int, list[str]]] = []
    for child in children:
        with suppress(psutil.NoSuchProcess):  # it has just ended
            if child.status() != psutil.STATUS_ZOMBIE:
                running.append((child.pid, child.cmdline()))
    return {
        part: pid
        for part, word in PARTS.items()
        for pid, command in running
        if any(argument.endswith(word) for argument in " ".join(command).split())
    }


def is_all_well(address: str) -> bool:
    try:
        return bool(httpx.get(f"{address}/sante/?format=json").json()["state"] == "ok")
    except (httpx.TransportError, ValueError):
        return False


def test_a_taken_port_gives_the_next_and_every_part_that_is_killed_is_started_again(state_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        with embedded.running(state_dir, taken) as run:
            assert f"Le port {taken} est pris" in run.printed
            assert int(run.address.rpartition(":")[2]) > taken
            before = pids_of_parts(run)
            assert set(before) == set(PARTS)
            for pid in before.values():
                os.kill(pid, signal.SIGKILL)
            wait_until(lambda: len(pids_of_parts(run)) == len(PARTS), seconds=60)
            assert not set(pids_of_parts(run).values()) & set(before.values())
            wait_until(lambda: is_all_well(run.address) and do_respond(local_servers(state_dir)), seconds=120)
            printed = run.printed.replace("\u00a0", " ")
            for part in PARTS:
                log = state_dir / "logs" / f"{part}.previous.log"
                sentence = f"{part} s’est arrêté (signal SIGKILL) : voir {log} ; il est relancé."
                assert printed.count(sentence) == 1
            assert "Traceback" not in printed
            with httpx.Client(base_url=run.address, follow_redirects=True, timeout=120) as client:
                duel = post(client, "/duels/", client.get("/").text, prompt=PROMPT).raise_for_status()
                stream_url = html.unescape(re.findall(r'data-stream-url="([^"]+)"', duel.text)[0])
                names = [name for name, _ in events_of(client, stream_url)]
            assert {"a-done", "b-done"} <= set(names)
            assert run.stop() == 0
            assert run.processes() == []
