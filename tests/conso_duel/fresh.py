"""Settings are read once in a process: what other variables make of them is asked of a new one."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def ran(code: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """The output of this code in a new process with these variables, the settings at hand."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "conso_duel.settings"} | variables
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
