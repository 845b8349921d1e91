"""`make run`: the whole platform on one machine, ended by one Ctrl-C."""

import os
import signal
import sys
from contextlib import closing
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError
from django.db import DatabaseError

from backends import local
from conso_duel.embedded import parts
from conso_duel.embedded.ports import first_free_port, free_port
from conso_duel.embedded.preparation import prepare
from conso_duel.embedded.processes import ChildDied, Family
from conso_duel.embedded.supervisor import Supervisor
from conso_duel.environment import env_int

DEFAULT_PORT = 8000
END_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
NO_LOCAL_MODEL = """\
Aucun modèle local n’est installé sur cette machine. Pour en connecter un (Ollama, llama.cpp, vLLM…) :
  {python} manage.py connect_local --model MODELE --url http://127.0.0.1:11434/v1 --remote-name NOM"""


def main() -> int:
    """The exit code: 0 after Ctrl-C, 1 when a part failed, which one line has told."""
    for number in END_SIGNALS:
        signal.signal(number, signal.default_int_handler)
    with closing(Family()) as family:
        try:
            serve(family)
        except KeyboardInterrupt:
            say("Arrêt de Conso Duel…")
            return 0
        except (ChildDied, OSError, DatabaseError, ImproperlyConfigured, CommandError) as error:
            say(f"Conso Duel s’arrête. {str(error).strip().splitlines()[0]}")
            return 1


def serve(family: Family) -> None:
    """Start everything, tell the address, and watch; returns only by an exception."""
    valkey_port = None if os.environ.get("REDIS_URL") else free_port()
    if valkey_port:
        os.environ["REDIS_URL"] = f"redis://{parts.LOOPBACK}:{valkey_port}/0"
    from django.conf import settings  # they read REDIS_URL once

    supervisor = Supervisor(family, settings.STATE_DIR / "logs")
    try:
        start_foundation(supervisor, settings.STATE_DIR, valkey_port)
        start_site(supervisor, settings.STATE_DIR)
        supervisor.watch()
    finally:
        for number in END_SIGNALS:  # the end takes seconds at most; cut short, it would leave parts behind
            signal.signal(number, signal.SIG_IGN)
        supervisor.stop()


def start_foundation(supervisor: Supervisor, state_dir: Path, valkey_port: int | None) -> None:
    """Valkey and the local models start while the database is prepared."""
    say("Préparation de la base, démarrage des modèles locaux…")
    model_ports = {model: free_port() for model in local.installed_models()}
    foundation = [parts.valkey_part(valkey_port)] if valkey_port else []
    foundation += [parts.model_part(model, port, state_dir) for model, port in model_ports.items()]
    supervisor.start(foundation)
    prepare(model_ports)
    if not model_ports:
        say(NO_LOCAL_MODEL.format(python=sys.executable))


def start_site(supervisor: Supervisor, state_dir: Path) -> None:
    """Returns once the address is told and answers."""
    host, wanted = os.environ.get("CONSO_HOST") or parts.LOOPBACK, env_int("CONSO_PORT", DEFAULT_PORT)
    port = first_free_port(host, wanted)
    if port != wanted:
        say(f"Le port {wanted} est pris : Conso Duel prend le {port}.")
    supervisor.start([parts.worker_part(state_dir / "beat-schedule"), parts.web_part(host, port)])
    supervisor.wait_until_ready()
    say(f"Conso Duel est prêt : {parts.site_address(host, port)}")


def say(line: str) -> None:
    """Shown at once, even through a pipe."""
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
