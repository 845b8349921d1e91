"""Checks what DATABASE_URL and REDIS_URL name, before anything starts, in a second each at most."""

import os
import socket
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from conso_duel.console import gettext as _
from conso_duel.embedded.processes import RunFailed
from conso_duel.environment import SQLITE

TIMEOUT_SECONDS = 1
POSTGRESQL_PORT = 5432


def check_database(database: Mapping[str, Any]) -> None:
    """Whether the file can be written or the server listens; raises RunFailed, whose text shows no password.

    database: as in Django's DATABASES. What only a login shows is for setup.check_database.
    """
    if database["ENGINE"] == SQLITE:
        _check_file(Path(database["NAME"]))
    elif (host := database["HOST"]) and not host.startswith("/"):
        _check_server(host, int(database["PORT"] or POSTGRESQL_PORT))


def _check_file(path: Path) -> None:
    target = path if path.exists() else path.parent
    if path.is_dir() or not os.access(target, os.W_OK):
        message = _("Le fichier de la base de données ne peut pas être écrit : %(path)s.")
        raise RunFailed(message % {"path": path})


def _check_server(host: str, port: int) -> None:
    try:
        socket.create_connection((host, port), TIMEOUT_SECONDS).close()
    except socket.gaierror as error:
        message = _("DATABASE_URL nomme un serveur inconnu : %(host)s.")
        raise RunFailed(message % {"host": host}) from error
    except OSError as error:
        message = _(
            "La base de données ne répond pas : aucun PostgreSQL n’écoute à %(host)s:%(port)d. "
            "Démarrez-le, ou corrigez DATABASE_URL."
        )
        raise RunFailed(message % {"host": host, "port": port}) from error


def check_redis(url: str) -> None:
    """Ping the server that REDIS_URL names; raises RunFailed, whose text shows no password."""
    # Half the time of a start that is refused, and 7 MB of `make run`, whose own Valkey needs no such check.
    import redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    try:
        client = redis.Redis.from_url(
            url,
            socket_connect_timeout=TIMEOUT_SECONDS,
            socket_timeout=TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        with closing(client):
            client.ping()
    except ValueError as error:
        message = _("REDIS_URL doit commencer par redis://, rediss:// ou unix://.")
        raise RunFailed(message) from error
    except redis.AuthenticationError as error:
        raise RunFailed(_("Le serveur de REDIS_URL refuse le nom ou le mot de passe.")) from error
    except redis.RedisError as error:
        message = _("Aucun Redis ne répond à l’adresse que donne REDIS_URL : démarrez-le, ou corrigez-la.")
        raise RunFailed(message) from error
