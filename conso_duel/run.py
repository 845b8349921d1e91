"""`make run`: the whole platform on one machine, ended by one Ctrl-C."""

import os
import signal
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import NoReturn

from django.core.exceptions import ImproperlyConfigured

from backends import local
from conso_duel.embedded import prepared_marker, services
from conso_duel.embedded.failures import RunFailed
from conso_duel.embedded.ports import first_free_port, free_port
from conso_duel.embedded.prepared_marker import Stamp
from conso_duel.embedded.processes import ProcessGroup
from conso_duel.embedded.supervisor import Supervisor
from conso_duel.environment import env_int

DEFAULT_PORT = 8000
END_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
NO_LOCAL_MODEL = """\
Aucun modèle local n’est installé sur cette machine. Pour en connecter un (Ollama, llama.cpp, vLLM…) :
  {python} manage.py connect_local --model MODELE --url http://127.0.0.1:11434/v1 --provider-model NOM
MODELE est le nom d’une fiche du site (page « Modèles »), NOM celui que votre serveur lui donne."""


def main() -> int:
    """The exit code: 0 after Ctrl-C, 1 when something failed, which one line has told."""
    for number in END_SIGNALS:
        signal.signal(number, signal.default_int_handler)
    with closing(ProcessGroup()) as process_group:
        try:
            serve(process_group)
        except KeyboardInterrupt:
            print_line("Conso Duel est arrêté.")
            return 0
        except (RunFailed, ImproperlyConfigured, OSError) as error:
            print_line(f"Conso Duel s’arrête. {error}")
            return 1


def serve(process_group: ProcessGroup) -> NoReturn:
    """Start everything, tell the address, and watch."""
    print_line("Démarrage de Conso Duel…")
    valkey_port = None if os.environ.get("REDIS_URL") else free_port()
    if valkey_port:
        os.environ["REDIS_URL"] = f"redis://{services.LOOPBACK}:{valkey_port}/0"
    state_dir, database = folder_and_database()
    before = prepared_marker.take(state_dir, database)
    now = prepared_marker.for_this_start(local.installed_models(), before)
    supervisor = Supervisor(process_group, state_dir / "logs")
    try:
        start_foundation(supervisor, state_dir, valkey_port, now.model_ports)
        if now != before:
            prepare(now.model_ports)
        start_site(supervisor)
        if now == before:
            look_again()
        watch(supervisor, state_dir, now)
    finally:
        for number in END_SIGNALS:  # the end takes seconds at most; cut short, it would leave parts behind
            signal.signal(number, signal.SIG_IGN)
        supervisor.stop()


def folder_and_database() -> tuple[Path, str]:
    """The state folder and the database's name, from the settings."""
    try:  # here, not at the top: they read REDIS_URL when they are imported
        from conso_duel.settings import DATABASES, STATE_DIR
    except ValueError as error:
        raise RunFailed(f"Réglage refusé : {error}") from error
    return STATE_DIR, str(DATABASES["default"]["NAME"])


def start_foundation(
    supervisor: Supervisor, state_dir: Path, valkey_port: int | None, model_ports: Mapping[str, int]
) -> None:
    """Valkey and the local models: they load while the rest is prepared."""
    foundation = [services.valkey_service(valkey_port)] if valkey_port else []
    foundation += [services.model_service(model, port, state_dir) for model, port in model_ports.items()]
    supervisor.start(foundation)
    if not model_ports:
        print_line(NO_LOCAL_MODEL.format(python=sys.executable))


def prepare(model_ports: Mapping[str, int]) -> None:
    """Tables, registry, static files. Imported here: where they stand already, nobody waits for Django."""
    print_line("Préparation de la base de données…")
    from conso_duel.embedded.setup import prepare

    prepare(model_ports)


def look_again() -> None:
    """The keys that are missing this time; told after the address, which does not wait for Django here."""
    from conso_duel.embedded.setup import look_again

    look_again()


def start_site(supervisor: Supervisor) -> None:
    """Returns once the address is told and answers."""
    host, wanted = os.environ.get("CONSO_HOST") or services.LOOPBACK, env_int("CONSO_PORT", DEFAULT_PORT)
    port = first_free_port(host, wanted)
    if port != wanted:
        print_line(f"Le port {wanted} est pris : Conso Duel prend le {port}.")
    supervisor.start([services.worker_service(with_beat=True), services.web_service(host, port)])
    supervisor.wait_until_ready()
    print_line(f"Conso Duel est prêt : {services.site_address(host, port)}")


def watch(supervisor: Supervisor, state_dir: Path, now: Stamp) -> NoReturn:
    """Until Ctrl-C or a crash; where every part stood to the end, the next start has nothing to prepare."""
    try:
        supervisor.watch()
    finally:
        if supervisor.is_whole:
            prepared_marker.leave(state_dir, now)


def print_line(line: str) -> None:
    """Shown at once, even through a pipe."""
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
