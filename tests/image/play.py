"""One duel on the image, from the question to the reveal: PostgreSQL, Valkey and models beside it."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

from conso_duel.embedded import services
from conso_duel.embedded.ports import free_port
from conso_duel.embedded.processes import ProcessGroup, wait_until_ready
from tests.image.build import Builder, run
from tests.services import postgres
from tests.services.compose import resolved
from tests.upstream import Upstream, answer
from tests.visitor import Visitor

START_SECONDS = 90
USER = "10001"  # of the Dockerfile
COMPOSE_PORT = "8000"
MODELS = ("smollm2-135m-instruct", "gemma-3-270m")  # two of the catalogue


def play_a_duel(builder: Builder, process_group: ProcessGroup, folder: Path, port: int) -> None:
    """Prepare, start and use the site as docker-compose.yml does; raises AssertionError."""
    environment = start_services(process_group, folder)
    commands = {name: service.get("command") for name, service in resolved(folder)["services"].items()}
    run(builder.command(environment, *commands["prepare"]))
    start_site(builder, process_group, folder, environment, commands, port)
    with Upstream({model: answer("Une réponse ", "de ", model) for model in MODELS}) as upstream:
        for model in MODELS:
            connect = ("connect_local", "--model", model, "--provider-model", model, "--url", upstream.url)
            run(builder.command(environment, "python", "manage.py", *connect))
        with Visitor(f"http://127.0.0.1:{port}") as visitor:
            duel = visitor.open_duel("Quelle est la capitale de la France ?")
            texts = visitor.follow(duel).text
            assert {text.rpartition(" ")[2] for text in texts.values()} == set(MODELS), texts
            assert visitor.http.get(f"{duel}reveal.json").status_code == 403
            assert visitor.post(f"{duel}vote/", choice="a").status_code == 200
            reveal = visitor.http.get(f"{duel}reveal.json").json()
            assert {side["model"] for side in reveal["sides"].values()} == set(MODELS)
            style = re.findall(r'href="(/static/[^"]+\.css)"', visitor.http.get("/").text)[0]
            assert visitor.http.get(style).status_code == 200
    for word in ("uvicorn", "worker", "beat"):
        assert word in run(["ps", "-o", "args=", "-u", USER])


def start_services(process_group: ProcessGroup, folder: Path) -> dict[str, str]:
    """PostgreSQL and Valkey; the variables of the site that uses them."""
    postgres_port, valkey_port = free_port(), free_port()
    postgres.start(process_group, folder / "postgres", postgres_port)
    valkey = services.valkey_service(valkey_port)
    process_group.start("valkey", valkey.command, folder / "valkey.log")
    return {
        "CONSO_SECRET_KEY": "0123456789" * 6,
        "DATABASE_URL": f"postgres://postgres@127.0.0.1:{postgres_port}/postgres",
        "REDIS_URL": f"redis://127.0.0.1:{valkey_port}/0",
        "CONSO_CANDIDATES_TTL_SECONDS": "0",
    }


def start_site(
    builder: Builder,
    process_group: ProcessGroup,
    folder: Path,
    environment: dict[str, str],
    commands: dict[str, list[str]],
    port: int,
) -> None:
    """Web server, worker and clock with the commands of docker-compose.yml; returns once all are ready."""
    address = f"http://127.0.0.1:{port}/"
    readiness: dict[str, Callable[[Path], bool]] = {
        "web": lambda _log: services.responds(address),
        "worker": services.has_logged_ready,
        "beat": services.has_logged_start,
    }
    started = []
    for name, is_ready in readiness.items():
        words = [str(port) if word == COMPOSE_PORT else word for word in commands[name]]
        log = folder / f"{name}.log"
        started.append((process_group.start(name, builder.command(environment, *words), log), is_ready))
    for child, is_ready in started:
        wait_until_ready(child, partial(is_ready, child.log), START_SECONDS)
