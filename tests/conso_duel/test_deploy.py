"""`manage.py check --deploy` finds nothing to say of production settings."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_production_settings_pass_djangos_own_check(tmp_path: Path) -> None:
    production = {
        "CONSO_PRODUCTION": "1",
        "CONSO_SECRET_KEY": "".join(map(str, range(40))) + "abcdef",
        "CONSO_ALLOWED_HOSTS": "duel.example.org",
        "CONSO_STATE_DIR": str(tmp_path),
    }
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "INFO"]
    checked = subprocess.run(
        command, cwd=ROOT, env=os.environ | production, capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "no issues (0 silenced)" in checked.stdout
