"""`make run`: the whole platform on one machine, ended by one Ctrl-C. `make dev`: the same, with reload."""

import argparse
import errno
import os
import secrets
import signal
import socket
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from backends import local
from conso_duel.console import gettext as _
from conso_duel.console import print_line, site_name
from conso_duel.embedded import reachable, services
from conso_duel.embedded.lock import AlreadyRunning, StateLock, locked
from conso_duel.embedded.ports import HIGHEST_PORT, first_free_port, free_port
from conso_duel.embedded.processes import ProcessGroup, RunFailed
from conso_duel.embedded.reload import SourceWatcher, source_dirs
from conso_duel.embedded.services import Service
from conso_duel.embedded.supervisor import Supervisor
from conso_duel.environment import env_int

DEFAULT_PORT = 8000
END_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(arguments: list[str]) -> int:
    """The exit code: 0 after Ctrl-C, 1 after a failure, which one line explains."""
    parser = argparse.ArgumentParser(prog="python -m conso_duel.run")
    parser.add_argument("--reload", action="store_true", help=_("relance le site quand le code change"))
    options = parser.parse_args(arguments)
    os.umask(0o077)  # questions, answers, keys and logs are for who starts the site alone
    for number in END_SIGNALS:
        signal.signal(number, signal.default_int_handler)
    with closing(ProcessGroup()) as process_group:
        try:
            run(process_group, with_reload=options.reload)
        except KeyboardInterrupt:
            print_line(_("%(site)s est arrêté.") % {"site": site_name()})
            return 0
        except AlreadyRunning as error:
            print_line(str(error))
        except (RunFailed, ImproperlyConfigured, OSError) as error:
            about = {"site": site_name(), "reason": reason_of(error)}
            print_line(_("%(site)s s’arrête. %(reason)s") % about)
        return 1


def reason_of(error: Exception) -> str:
    """The sentence for the user; errors of the system name their file and have English texts."""
    if isinstance(error, OSError) and error.filename:
        message = _("Ce dossier ou ce fichier ne peut pas être ouvert : %(path)s.")
        return message % {"path": error.filename}
    return str(error)


def run(process_group: ProcessGroup, *, with_reload: bool) -> NoReturn:
    """Check the settings and what they name, then start everything; ends by an exception."""
    valkey_port = use_embedded_valkey()
    # Not at the top: the settings read REDIS_URL when they are imported, and refuse what they do not know.
    from conso_duel.settings import DATABASES, STATE_DIR

    with locked(STATE_DIR) as lock:
        print_line(_("%(site)s démarre…") % {"site": site_name()})
        address = listen_address()
        reachable.check_database(DATABASES["default"])
        if valkey_port is None:
            reachable.check_redis(os.environ["REDIS_URL"])
        supervisor = Supervisor(process_group, STATE_DIR / "logs")
        try:
            start_and_watch(supervisor, lock, STATE_DIR, valkey_port, address, with_reload)
        finally:
            for number in END_SIGNALS:  # stopping takes seconds at most; cut short, it would leave children
                signal.signal(number, signal.SIG_IGN)
            supervisor.stop()


def use_embedded_valkey() -> int | None:
    """Choose the port of our own Valkey and name it in REDIS_URL; None where that names another server."""
    if os.environ.get("REDIS_URL"):
        return None
    port = free_port()
    os.environ["REDIS_URL"] = f"redis://:{secrets.token_urlsafe(24)}@{services.LOOPBACK}:{port}/0"
    return port


def listen_address() -> tuple[str, int]:
    """Host and port from CONSO_HOST and CONSO_PORT; raises RunFailed where no server can listen there."""
    host, port = os.environ.get("CONSO_HOST") or services.LOOPBACK, env_int("CONSO_PORT", DEFAULT_PORT, 1)
    if port > HIGHEST_PORT:
        message = _("CONSO_PORT=%(port)d : il faut un nombre de 1 à %(highest)d.")
        raise RunFailed(message % {"port": port, "highest": HIGHEST_PORT})
    find_port(host, port)
    return host, port


def find_port(host: str, wanted: int) -> int:
    """The wanted port or the next free one; raises RunFailed where no server can listen."""
    try:
        return first_free_port(host, wanted)
    except PermissionError as error:
        message = _("Le port %(port)d est réservé à l’administrateur de la machine : changez CONSO_PORT.")
        raise RunFailed(message % {"port": wanted}) from error
    except socket.gaierror as error:
        raise RunFailed(_("CONSO_HOST=%(host)s : cette adresse est inconnue.") % {"host": host}) from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            message = _("Aucun port n’est libre à partir de %(port)d : changez CONSO_PORT.")
            raise RunFailed(message % {"port": wanted}) from error
        message = _("CONSO_HOST=%(host)s : cette machine n’a pas cette adresse.")
        raise RunFailed(message % {"host": host}) from error


def start_and_watch(
    supervisor: Supervisor,
    lock: StateLock,
    state_dir: Path,
    valkey_port: int | None,
    address: tuple[str, int],
    with_reload: bool,
) -> NoReturn:
    """Everything in its order; the local models load while the rest is prepared."""
    # Not at the top: it needs Django, which takes a second to load; a settings error shows before.
    from conso_duel.embedded import setup

    setup.check_database()
    model_ports = {model: free_port() for model in local.installed_models(state_dir)}
    start_foundation(supervisor, state_dir, valkey_port, model_ports)
    print_line(_("Préparation de la base de données…"))
    setup.prepare(model_ports)
    has_curator = setup.has_curator()
    worker = start_site(supervisor, lock, address, with_reload)
    offer_models(state_dir)
    if not has_curator:
        print_line(
            _("Pour tenir le site (modèles, votes) : « make curator » crée votre compte de l’administration.")
        )
    if not with_reload:
        supervisor.watch()
    watcher = SourceWatcher()
    supervisor.watch(lambda: supervisor.restart(worker) if watcher.has_changed() else None)


def start_foundation(
    supervisor: Supervisor, state_dir: Path, valkey_port: int | None, model_ports: Mapping[str, int]
) -> None:
    """Valkey and the servers of the local models."""
    password = urlsplit(os.environ["REDIS_URL"]).password or ""
    foundation = [services.valkey_service(valkey_port, state_dir, password)] if valkey_port else []
    foundation += [services.model_service(model, port, state_dir) for model, port in model_ports.items()]
    supervisor.start(foundation)
    if not model_ports:
        message = _(
            "Aucun modèle local n’est installé sur cette machine. "
            "Pour en connecter un (Ollama, llama.cpp, vLLM…) :\n"
            "  %(python)s manage.py connect_local --model MODELE --url http://127.0.0.1:11434/v1 "
            "--provider-model NOM\n"
            "MODELE est le nom d’une fiche du site (page « Modèles »), NOM celui que votre serveur lui donne."
        )
        print_line(message % {"python": sys.executable})


def offer_models(state_dir: Path) -> None:
    """Say once, in one line, that better models are to be had."""
    offered = state_dir / "models_offered"
    if offered.exists() or all(file.is_present(state_dir) for file in local.downloads().values()):
        return
    print_line(_("Pour des réponses plus lisibles : « make models » ajoute deux modèles (1,6 Go)."))
    offered.touch()


def start_site(
    supervisor: Supervisor, lock: StateLock, address: tuple[str, int], with_reload: bool
) -> Service:
    """Start worker, clock and web server, and print the address once it responds. Returns the worker."""
    host, wanted = address
    port = find_port(host, wanted)
    if port != wanted:
        message = _("Le port %(wanted)d est pris : %(site)s prend le %(port)d.")
        print_line(message % {"wanted": wanted, "port": port, "site": site_name()})
    # Code that does not run must not end `make dev`: the next change starts the worker again.
    worker = replace(services.worker_service(), essential=not with_reload)
    web = services.web_service(host, port, reload_dirs=source_dirs() if with_reload else ())
    supervisor.start([worker, web, services.beat_service()])
    supervisor.wait_until_ready()
    url = services.site_address(host, port)
    lock.publish_address(url)
    print_line(_("%(site)s est prêt : %(url)s") % {"site": site_name(), "url": url})
    return worker


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
