"""`manage.py check --deploy` finds nothing to say of production settings."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conso_duel.fresh import ran

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


PRODUCTION = {
    "CONSO_PRODUCTION": "1",
    "CONSO_SECRET_KEY": "".join(map(str, range(40))) + "abcdef",
    "CONSO_ALLOWED_HOSTS": "duel.example.org",
}
LEGAL = {
    "CONSO_LEGAL_PUBLISHER": "Association Exemple",
    "CONSO_LEGAL_ADDRESS": "1 rue de l’Essai, 75000 Paris",
    "CONSO_LEGAL_PHONE": "01 00 00 00 00",
    "CONSO_LEGAL_EMAIL": "contact@duel.example.org",
    "CONSO_LEGAL_DIRECTOR": "Camille Exemple",
    "CONSO_LEGAL_HOST": "Hébergeur Exemple, 2 rue du Serveur, 75000 Paris",
}


def checked(**variables: str) -> "subprocess.CompletedProcess[str]":
    """`check --deploy` in a new process."""
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "INFO"]
    env = os.environ | PRODUCTION | variables
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def test_production_settings_pass_every_check(tmp_path: Path) -> None:
    ended = checked(CONSO_STATE_DIR=str(tmp_path), **LEGAL)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "no issues (2 silenced)" in ended.stdout  # HSTS for subdomains, and in the browsers' lists


@pytest.mark.parametrize(("wanted", "header"), [("", ""), ("0", ""), ("1", "; includeSubDomains")])
def test_other_sites_of_the_domain_are_bound_to_https_only_when_asked(
    tmp_path: Path, wanted: str, header: str
) -> None:
    asked = (
        "from django.http import HttpResponse; from django.middleware.security import SecurityMiddleware;"
        "from django.test import RequestFactory; page = SecurityMiddleware(lambda request: HttpResponse());"
        "print(page(RequestFactory().get('/', secure=True))['Strict-Transport-Security'])"
    )
    ended = ran(asked, **PRODUCTION, CONSO_STATE_DIR=str(tmp_path), CONSO_HSTS_SUBDOMAINS=wanted)
    assert ended.stdout.strip() == f"max-age=31536000{header}", ended.stderr


def test_each_legal_fact_that_is_missing_is_named(tmp_path: Path) -> None:
    ended = checked(
        CONSO_STATE_DIR=str(tmp_path), **LEGAL | {"CONSO_LEGAL_EMAIL": "", "CONSO_LEGAL_HOST": " "}
    )
    assert ended.returncode != 0
    missing = {name for name in LEGAL if f"{name} is empty" in ended.stderr}
    assert missing == {"CONSO_LEGAL_EMAIL", "CONSO_LEGAL_HOST"}
