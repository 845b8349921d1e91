"""The production processes on this machine: PostgreSQL, Valkey, worker, web, and a model server beside."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType

import psycopg
from psycopg import sql

from conso_duel.embedded import services
from conso_duel.embedded.ports import accepts_connections, free_port
from conso_duel.embedded.processes import Child, ProcessGroup, wait_until_ready
from conso_duel.embedded.services import Service
from tests.bench.leaderboard import INVENTED_VOTES
from tests.services import environment, postgres, valkey

PLAYING_MODELS = 30  # the reference platform has about fifty in play
RANKED_MODELS, VOTES = 100, 60_000  # a leaderboard as long as the catalogue: some 1,200 votes a model
SERVER = ("web", "worker", "valkey", "postgres")


@dataclass(frozen=True, slots=True)
class Platform:
    """Where it answers, and the process of each service."""

    web_port: int
    relay_port: int
    pids: dict[str, int]


def start(
    process_group: ProcessGroup, folder: Path, variables: Mapping[str, str] = MappingProxyType({})
) -> Platform:
    """Everything running, with the starter catalogue and models that write at the bench's pace."""
    ports = {name: free_port() for name in ("web", "relay", "upstream")}
    set_environment(folder, ports["web"])
    os.environ |= variables
    start_services(process_group, folder)
    upstream = f"http://{services.LOOPBACK}:{ports['upstream']}/v1"
    prepare(upstream)
    start_beside(process_group, folder, "upstream", ports["upstream"])
    start_beside(process_group, folder, "relay", ports["relay"], ports["upstream"])
    start_service(process_group, folder, services.worker_service())
    # In production, its own sign of readiness is sent away to https.
    web = replace(
        services.web_service(services.LOOPBACK, ports["web"]),
        is_ready=lambda log: accepts_connections(services.LOOPBACK, ports["web"]),
    )
    start_service(process_group, folder, web)
    pids = {child.name: child.process.pid for child in process_group.children}
    return Platform(ports["web"], ports["relay"], pids)


def set_environment(folder: Path, web_port: int) -> None:
    """Production settings; the browser of the bench reaches the site without TLS."""
    environment.prepare(folder)
    del os.environ["CONSO_CANDIDATES_TTL_SECONDS"]  # what tests wait for, no visitor does
    os.environ |= {
        "CONSO_PRODUCTION": "1",
        "CONSO_SECRET_KEY": secrets.token_urlsafe(50),
        "CONSO_LIMIT_ADDRESS_PER_HOUR": "1000000",  # counted as ever, but all visitors come from here
        "CONSO_LIMIT_RUNNING_ADDRESS": "0",
        "CONSO_LIMIT_CONNECTIONS_ADDRESS": "0",
        "CONSO_PRIVATE_MODELS": "1",
        "CONSO_PACE_TOKENS_PER_SECOND": "0",  # the delay that is measured is the platform's own
        "CONSO_CSRF_TRUSTED_ORIGINS": f"http://localhost:{web_port}",
    }


def start_services(process_group: ProcessGroup, folder: Path) -> None:
    import django

    django.setup()
    from django.conf import settings

    database = settings.DATABASES["default"]
    postgres.start(process_group, folder / "postgres", int(database["PORT"]))
    address = f"host={services.LOOPBACK} port={database['PORT']} user=postgres dbname=postgres"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database["NAME"])))
    valkey.start(process_group, folder, int(os.environ["REDIS_URL"].rpartition(":")[2].partition("/")[0]))


def prepare(upstream: str) -> None:
    """Tables, static files, the catalogue; some of its models answer at this address."""
    from conso_duel.embedded import setup

    setup.prepare({})
    from django.db import connections

    from models_registry.models import Endpoint, LanguageModel

    LanguageModel.objects.exclude(status="archived").update(status="enabled")
    for model in LanguageModel.objects.filter(status="enabled")[:PLAYING_MODELS]:
        Endpoint.objects.create(model=model, base_url=upstream, provider_model=model.slug)
    publish_leaderboard()
    connections.close_all()


def publish_leaderboard() -> None:
    """A leaderboard of invented votes between the first models of the catalogue."""
    from django.db import connection

    from leaderboard.ranking.publish import compute_due
    from models_registry.models import LanguageModel

    lowest = LanguageModel.objects.order_by("pk").values_list("pk", flat=True)[0]
    votes = {"voters": VOTES // 7, "votes": VOTES, "drawn": VOTES + VOTES // 20}
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.2026)")
        cursor.execute(INVENTED_VOTES, votes | {"lowest": lowest, "last": RANKED_MODELS - 1})
    compute_due()


def start_beside(process_group: ProcessGroup, folder: Path, name: str, port: int, *arguments: int) -> None:
    command = services.python_module(f"tests.bench.{name}", str(port), *map(str, arguments))
    child = process_group.start(name, command, folder / f"{name}.log")
    wait_until_ready(child, partial(accepts_connections, services.LOOPBACK, port), timeout_seconds=20)


def start_service(process_group: ProcessGroup, folder: Path, service: Service) -> Child:
    child = process_group.start(service.name, service.command, folder / f"{service.name}.log")
    wait_until_ready(child, partial(service.is_ready, child.log), service.timeout_seconds)
    return child
