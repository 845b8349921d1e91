"""`make audit` says that it could not reach its data when it could not, and never otherwise."""

import os
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

UNREACHED = "make audit could not reach osv.dev: nothing was checked."
OFFLINE = """\
error: Request failed after 3 retries
  cause: error sending request for url (https://api.osv.dev/v1/querybatch)
  cause: operation timed out"""
UNAVAILABLE = "error: HTTP status server error (503) for url (https://api.osv.dev/v1/querybatch)"
FOUND = """\
Found 1 known vulnerability
- PYSEC-2026-1: a client error that timed out is sent again (error sending request for url ...)
  error: dns error for url (https://example.org) in its words"""
OUTDATED = "error: The lockfile at `uv.lock` needs to be updated, but `--locked` was provided."


@pytest.mark.parametrize(
    ("said", "status", "is_unreached"),
    [
        (OFFLINE, 2, True),
        (UNAVAILABLE, 2, True),
        (FOUND, 1, False),
        (OUTDATED, 2, False),
        ("Found no known vulnerabilities", 0, False),
    ],
    ids=["offline", "unavailable", "found", "outdated", "clean"],
)
def test_what_the_audit_could_not_check_is_said(
    said: str, status: int, is_unreached: bool, tmp_path: Path
) -> None:
    """In place of uv, a script that says what uv 0.13 says."""
    (tmp_path / "said").write_text(said)
    uv = tmp_path / "uv"
    uv.write_text(f'#!/bin/sh\ncat "{tmp_path}/said" >&2\nexit {status}\n')
    uv.chmod(0o755)
    command = ["make", "--silent", "audit", f"UV={uv}"]
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "en_GB.UTF-8"}
    run = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True)
    assert run.stdout.startswith(said)
    assert (UNREACHED in run.stdout) == is_unreached
    assert bool(run.returncode) == bool(status)
