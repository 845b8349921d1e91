"""docker-compose.yml as Docker Compose reads it, and its commands as plain processes of this machine."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TOOLS = Path(sys.executable).parent
SITE = "localhost"
VARIABLES = f"CONSO_SITE={SITE}\nCONSO_SECRET_KEY={'0123456789' * 6}\nPOSTGRES_PASSWORD=mot2passe\n"


def tool(name: str, *arguments: str | Path, **options: Any) -> "subprocess.CompletedProcess[str]":
    """A program of the environment, run in the project's folder to its end."""
    command = [str(word) for word in (TOOLS / name, *arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, **options)


def resolved(folder: Path, **more: str) -> dict[str, Any]:
    """The whole file with its variables and anchors resolved, by Docker Compose itself.

    more: what an operator writes into .env besides what has to be there. The variables of the tests, which
    would win over that file, stay outside.
    """
    variables = folder / "variables"
    variables.write_text(VARIABLES + "".join(f"{name}={value}\n" for name, value in more.items()))
    outside = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
    options = ("--env-file", variables, "--profile", "tools")
    answer = tool("docker-compose", *options, "config", "--format", "json", env=outside)
    assert answer.returncode == 0, answer.stderr
    # Compose doubles each dollar that is not for itself, so that its answer can be read again by it.
    file: dict[str, Any] = json.loads(answer.stdout.replace("$$", "$"))
    return file


@dataclass(frozen=True)
class Machine:
    """Where the services stand here: words of the file, and what takes their place on this machine."""

    file: Mapping[str, Any]
    places: Mapping[str, str]
    path: str
    extra: Mapping[str, str]

    def command(self, service: str) -> list[str]:
        return [self.here(word) for word in self.file["services"][service]["command"]]

    def health_check(self, service: str) -> list[str]:
        """The command of the container's health check."""
        kind, *words = self.file["services"][service]["healthcheck"]["test"]
        here = [self.here(word) for word in words]
        return ["sh", "-c", *here] if kind == "CMD-SHELL" else here

    def environment(self, service: str) -> dict[str, str]:
        """The service's variables and no other of ours; `extra` is what an operator writes into .env."""
        own = {
            name: self.here(value)
            for name, value in self.file["services"][service].get("environment", {}).items()
        }
        outside = {name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR") if name in os.environ}
        return {**outside, "PATH": self.path, "PYTHONUNBUFFERED": "1", **own, **self.extra}

    def here(self, word: str) -> str:
        for there, here in self.places.items():
            word = word.replace(there, here)
        return word

    def run(self, service: str, **more: str) -> "subprocess.CompletedProcess[str]":
        """The service's command to its end, as `docker compose run --env …` does."""
        environment = self.environment(service) | more
        return subprocess.run(
            self.command(service), cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
