"""Start errors of `make run`: found before anything starts, reported in one sentence, without a traceback."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from conso_duel.embedded.ports import HIGHEST_PORT, free_port
from conso_duel.embedded.processes import RunFailed
from conso_duel.run import find_port
from tests.conso_duel.fresh import ROOT

STARTING = "Conso Duel démarre…"


def failed_run(state_dir: Path, **variables: str) -> list[str]:
    """The lines that a run prints before it ends by itself with code 1."""
    inherited = {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")
    }
    environment = inherited | {"CONSO_STATE_DIR": str(state_dir), "LC_ALL": "C.UTF-8"} | variables
    command = [sys.executable, "-m", "conso_duel.run"]
    ended = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert (ended.returncode, ended.stderr) == (1, "")
    return ended.stdout.replace("\u00a0", " ").splitlines()


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"DATABASE_URL": "mysql://conso:sesame@localhost/conso"}, "DATABASE_URL doit commencer par"),
        ({"DATABASE_URL": "nimporte"}, "DATABASE_URL doit commencer par"),
        (
            {"CONSO_PROT": "8000"},
            "aucun réglage ne porte ce nom. Vouliez-vous écrire CONSO_PORT ?",
        ),
        ({"REDIS_ULR": "redis://127.0.0.1"}, "Vouliez-vous écrire REDIS_URL ?"),
        ({"DATABSE_URL": "sqlite:///x"}, "Vouliez-vous écrire DATABASE_URL ?"),
        ({"CONSO_PROXIES": "oui"}, "CONSO_PROXIES=oui : il faut un nombre entier, 0 au moins."),
        ({"CONSO_STATE_DIR": "/proc/conso"}, "ne peut pas être ouvert : /proc/conso."),
    ],
)
def test_a_setting_that_cannot_be_is_refused_before_the_start(
    tmp_path: Path, variables: dict[str, str], sentence: str
) -> None:
    (line,) = failed_run(tmp_path, **variables)
    assert line.startswith("Conso Duel s’arrête. ")
    assert sentence in line
    assert "sesame" not in line


@pytest.mark.slow
@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        (
            {"REDIS_URL": "redis://:sesame@127.0.0.1:9/0"},
            "Aucun Redis ne répond à l’adresse",
        ),
        ({"REDIS_URL": "http://127.0.0.1"}, "REDIS_URL doit commencer par"),
        ({"CONSO_PORT": "99999"}, "CONSO_PORT=99999 : il faut un nombre de 1 à 65535."),
        ({"CONSO_HOST": "192.0.2.1"}, "CONSO_HOST=192.0.2.1 : cette machine n’a pas cette adresse."),
        (
            {"DATABASE_URL": "postgres://conso:sesame@127.0.0.1:9/conso"},
            "La base de données ne répond pas : aucun PostgreSQL n’écoute à 127.0.0.1:9. Démarrez-le",
        ),
        (
            {"DATABASE_URL": "postgres://conso:sesame@nulle-part.invalid/conso"},
            "DATABASE_URL nomme un serveur inconnu : nulle-part.invalid.",
        ),
        (
            {"DATABASE_URL": "sqlite:////nulle/part/conso.sqlite3"},
            "Le fichier de la base de données ne peut pas être écrit : /nulle/part/conso.sqlite3.",
        ),
        ({"DATABASE_URL": "sqlite:////tmp"}, "ne peut pas être écrit : /tmp."),
    ],
)
def test_what_a_setting_names_and_is_not_there_ends_the_start(
    tmp_path: Path, variables: dict[str, str], sentence: str
) -> None:
    starting, line = failed_run(tmp_path, **variables)
    assert starting == STARTING
    assert line.startswith("Conso Duel s’arrête. ")
    assert sentence in line
    assert "sesame" not in line


def test_messages_are_english_where_the_locale_is(tmp_path: Path) -> None:
    lines = failed_run(tmp_path, LC_ALL="en_US.UTF-8", REDIS_URL="redis://127.0.0.1:9/0")
    assert lines == [
        "Conso Duel is starting…",
        "Conso Duel stops. No Redis responds at the address in REDIS_URL: start it, or correct the address.",
    ]


def test_the_highest_port_has_no_next_one() -> None:
    with socket.create_server(("127.0.0.1", HIGHEST_PORT)), pytest.raises(RunFailed, match="65535"):
        find_port("127.0.0.1", HIGHEST_PORT)


def test_a_free_port_is_taken() -> None:
    port = free_port()
    assert find_port("127.0.0.1", port) == port
