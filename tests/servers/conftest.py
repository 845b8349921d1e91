"""The services of docker-compose.yml as plain processes: the same commands, the same variables."""

import json
import os
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from conso_duel.embedded import valkey_server
from conso_duel.embedded.ports import accepts_connections, free_port
from conso_duel.embedded.processes import Child, ProcessGroup, wait_until_ready
from tests.services import compose, postgres
from tests.services.compose import ROOT, SITE, Machine
from tests.upstream import Upstream, answer
from tests.visitor import Visitor
from tests.waiting import wait_until

DATABASE = "servers"
METRICS_TOKEN = "figures-2026"
MODELS = ("smollm2-135m-instruct", "gemma-3-270m")
WORKERS = 2


@dataclass
class Servers:
    """The running services: their addresses and their logs."""

    machine: Machine
    process_group: ProcessGroup
    folder: Path
    upstream: Upstream
    https_port: int
    web_ports: list[int]
    children: dict[str, Child] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"https://{SITE}:{self.https_port}"

    def start(self, name: str, service: str, machine: Machine | None = None, *more: str) -> Child:
        """One container of the service, as a process."""
        machine = machine or self.machine
        self.children[name] = self.process_group.start(
            name,
            [*machine.command(service), *more],
            log=self.folder / f"{name}.log",
            env=machine.environment(service),
            cwd=ROOT,
        )
        return self.children[name]

    def start_web(self, number: int) -> Child:
        """One more web server, on a port of its own, once it serves."""
        port = self.web_ports[number]
        machine = replace(self.machine, places={**self.machine.places, "8000": str(port)})
        child = self.start(f"web-{number}", "web", machine)
        wait_until_ready(child, lambda: accepts_connections("127.0.0.1", port), timeout_seconds=30)
        return child

    def visitor(self) -> "SecureVisitor":
        authority = self.folder / "caddy" / "caddy" / "pki" / "authorities" / "local" / "root.crt"
        return SecureVisitor(self.address, authority)

    def from_inside(self, path: str, **headers: str) -> httpx.Response:
        """The web server's answer to its proxy."""
        forwarded = {"Host": SITE, "X-Forwarded-Proto": "https", **headers}
        return httpx.get(f"http://127.0.0.1:{self.web_ports[0]}{path}", headers=forwarded, timeout=20)

    def health(self) -> dict[str, Any]:
        report: dict[str, Any] = self.from_inside("/sante/", Accept="application/json").json()
        return report


class SecureVisitor(Visitor):
    """A visitor who trusts this certificate authority and no other."""

    def __init__(self, base_url: str, authority: Path) -> None:
        super().__init__(base_url)
        self.http.close()
        trusted = ssl.create_default_context(cafile=authority)
        headers = {"Referer": f"{base_url}/"}
        self.http = httpx.Client(
            base_url=base_url, verify=trusted, headers=headers, timeout=60, follow_redirects=True
        )


@pytest.fixture(scope="session")
def compose_file(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return compose.resolved(tmp_path_factory.mktemp("compose"))


@pytest.fixture(scope="package")
def servers(
    compose_file: dict[str, Any],
    postgres_server: None,
    static_files: None,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Servers]:
    """Everything up, with two workers; the models answer by a script."""
    folder = tmp_path_factory.mktemp("servers")
    process_group = ProcessGroup()
    with Upstream({model: answer("Voici ", "ma réponse.") for model in MODELS}) as upstream:
        servers = Servers(
            machine_of(compose_file, folder),
            process_group,
            folder,
            upstream,
            free_port(),
            [free_port(), free_port()],
        )
        try:
            bring_up(servers)
            yield servers
        finally:
            process_group.close()


def machine_of(compose_file: dict[str, Any], folder: Path) -> Machine:
    """The hosts of the file are this machine; Postgres is that of the session, with a database of our own."""
    from django.conf import settings

    port = settings.DATABASES["default"]["PORT"]
    create_database(int(port))
    (folder / "backups").mkdir()
    programs = [compose.TOOLS, valkey_server.binary().parent, postgres.packaged_binaries()]
    return Machine(
        compose_file,
        places={
            "postgres:5432/conso": f"127.0.0.1:{port}/{DATABASE}",
            "valkey:6379": f"127.0.0.1:{free_port()}",
            "/backups": str(folder / "backups"),
        },
        path=os.pathsep.join([*map(str, programs), "/usr/bin", "/bin"]),
        # From an operator's .env: the static files of this session, a clock that ticks each second.
        extra={
            "CONSO_STATE_DIR": str(settings.STATE_DIR),
            "CONSO_METRICS_TOKEN": METRICS_TOKEN,
            "CONSO_STALE_AFTER_SECONDS": "3",
            "CONSO_PRIVATE_MODELS": "1",  # their models answer from this machine
            "HOSTNAME": socket.gethostname(),
            "PYTHONWARNINGS": "ignore",  # Celery's, where the tests run as root: containers do not
        },
    )


def create_database(port: int) -> None:
    address = f"host=127.0.0.1 port={port} user=postgres dbname=postgres"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE ROLE conso LOGIN")
        connection.execute(f"CREATE DATABASE {DATABASE} OWNER conso")


def bring_up(servers: Servers) -> None:
    """In the order that depends_on gives."""
    machine = servers.machine
    port = machine.places["valkey:6379"].rpartition(":")[2]
    queue = servers.start("valkey", "valkey", None, "--port", port, "--dir", str(servers.folder))
    wait_until_ready(queue, lambda: accepts_connections("127.0.0.1", int(port)), timeout_seconds=10)
    prepared = machine.run("prepare")
    assert prepared.returncode == 0, prepared.stderr
    for model in MODELS:
        where = ("--url", servers.upstream.url, "--provider-model", model)
        connect = ["python", "manage.py", "connect_local", "--model", model, *where]
        compose.subprocess.run(connect, cwd=ROOT, env=machine.environment("web"), check=True)
    servers.start_web(0)
    for number in range(WORKERS):
        servers.start(f"worker-{number}", "worker", None, "--hostname", f"celery@{number}")
    servers.start("beat", "beat")
    start_caddy(servers)
    wait_until_healthy(servers)


def start_caddy(servers: Servers) -> None:
    """Caddy's own reading of the Caddyfile, on other ports and with the web servers of this machine."""
    adapted = compose.tool("caddy", "adapt", "--config", "Caddyfile", env={"CONSO_SITE": SITE})
    config = json.loads(adapted.stdout)
    site = config["apps"]["http"]["servers"]["srv0"]
    site["listen"] = [f"127.0.0.1:{servers.https_port}"]
    site["automatic_https"] = {"disable_redirects": True}  # port 80 is not ours here
    proxy = site["routes"][0]["handle"][0]["routes"][-1]["handle"][0]
    assert proxy.pop("dynamic_upstreams")["port"] == "8000"
    proxy["upstreams"] = [{"dial": f"127.0.0.1:{port}"} for port in servers.web_ports]
    # Of two servers the second is not there at first: what finds nobody goes to the other.
    config["apps"]["pki"] = {"certificate_authorities": {"local": {"install_trust": False}}}
    config["admin"] = {"disabled": True}
    file = servers.folder / "caddy.json"
    file.write_text(json.dumps(config))
    environment = {"XDG_DATA_HOME": str(servers.folder / "caddy"), "XDG_CONFIG_HOME": str(servers.folder)}
    servers.children["caddy"] = servers.process_group.start(
        "caddy",
        [compose.TOOLS / "caddy", "run", "--config", file],
        log=servers.folder / "caddy.log",
        env=environment,
        cwd=servers.folder,
    )
    caddy = servers.children["caddy"]
    wait_until_ready(caddy, lambda: accepts_connections("127.0.0.1", servers.https_port), timeout_seconds=20)


def wait_until_healthy(servers: Servers) -> None:
    def is_healthy() -> bool:
        health = servers.health()
        return health["state"] == "ok" and health["parts"]["workers"]["count"] == WORKERS

    wait_until(is_healthy, describe=servers.health)
