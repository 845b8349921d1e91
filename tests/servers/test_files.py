"""The files of a deployment, read by the programs they are for."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from conso_duel import environment
from tests.services.compose import ROOT, resolved, tool

APP = ("web", "worker", "beat", "prepare")


def test_the_dockerfile_has_nothing_to_reproach() -> None:
    lint = tool("hadolint", "Dockerfile")
    assert (lint.returncode, lint.stdout) == (0, "")


def test_the_image_is_built_in_two_stages_and_does_not_run_as_root() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert len([line for line in lines if line.startswith("FROM ")]) == 2
    (user,) = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert int(user) > 0


def test_caddy_takes_its_file(tmp_path: Path) -> None:
    variables = {"CONSO_SITE": "duel.example.org", "HOME": str(tmp_path)}
    checked = tool("caddy", "validate", "--config", "Caddyfile", "--adapter", "caddyfile", env=variables)
    assert "Valid configuration" in checked.stdout + checked.stderr
    assert not re.search(r'"level":"(warn|error)"', checked.stderr)
    assert tool("caddy", "fmt", "--diff", "Caddyfile").returncode == 0


def test_compose_takes_its_file_and_every_part_is_there(compose_file: dict[str, Any]) -> None:
    long_lived = {"caddy", "web", "worker", "beat", "valkey", "postgres"}
    assert set(compose_file["services"]) == long_lived | {"prepare", "backup", "restore"}
    assert set(compose_file["volumes"]) == {"caddy-data", "caddy-config", "postgres"}
    watched = {name for name, service in compose_file["services"].items() if "healthcheck" in service}
    assert watched == long_lived - {"beat"}


def test_only_the_proxy_is_reached_from_outside(compose_file: dict[str, Any]) -> None:
    published = {name for name, service in compose_file["services"].items() if "ports" in service}
    assert published == {"caddy"}


@pytest.mark.parametrize("service", ["web", "worker"])
def test_what_grows_has_no_name_or_port_of_its_own(compose_file: dict[str, Any], service: str) -> None:
    """Otherwise `--scale worker=4` would be refused."""
    assert not {"container_name", "ports", "hostname"} & set(compose_file["services"][service])


@pytest.mark.parametrize("service", APP)
def test_the_code_cannot_be_changed_by_what_runs_it(compose_file: dict[str, Any], service: str) -> None:
    config = compose_file["services"][service]
    assert config["read_only"] is True
    assert config["security_opt"] == ["no-new-privileges:true"]


def test_compose_asks_for_what_it_cannot_guess(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("")
    refused = tool("docker-compose", "--env-file", tmp_path / "empty", "config")
    assert refused.returncode != 0
    assert re.search("CONSO_SITE|CONSO_SECRET_KEY|POSTGRES_PASSWORD", refused.stderr)


@pytest.mark.parametrize("variable", ["POSTGRES_PASSWORD", "CONSO_SECRET_KEY", "CONSO_SITE"])
def test_an_address_of_another_database_does_not_make_the_rest_optional(
    tmp_path: Path, variable: str
) -> None:
    names = {"CONSO_SITE", "CONSO_SECRET_KEY", "POSTGRES_PASSWORD"} - {variable}
    given = "".join(f"{name}=x\n" for name in names)
    (tmp_path / "variables").write_text(f"{given}DATABASE_URL=postgres://ailleurs/conso\n")
    refused = tool("docker-compose", "--env-file", tmp_path / "variables", "config")
    assert refused.returncode != 0
    assert variable in refused.stderr


MOVED = {
    "DATABASE_URL": "postgres://conso:secret@base.example:5432/conso",
    "REDIS_URL": "redis://valkey.example:6379/0",
    "CONSO_PROXIES": "2",
    "CONSO_LOG_FORMAT": "line",
}


@pytest.mark.parametrize("service", APP)
def test_the_file_env_says_where_database_and_queue_are(tmp_path: Path, service: str) -> None:
    config = resolved(tmp_path, **MOVED)["services"][service]["environment"]
    assert {name: config[name] for name in MOVED} == MOVED


@pytest.mark.parametrize("service", ["backup", "restore"])
def test_what_is_saved_is_the_database_that_is_used(tmp_path: Path, service: str) -> None:
    config = resolved(tmp_path, **MOVED)["services"][service]["environment"]
    assert config["DATABASE_URL"] == MOVED["DATABASE_URL"]


def test_the_queue_is_in_memory_only(compose_file: dict[str, Any]) -> None:
    """The privacy page promises it: fingerprints of addresses are counted there, and questions pass by."""
    valkey = compose_file["services"]["valkey"]
    options = dict(zip(valkey["command"][1::2], valkey["command"][2::2], strict=True))
    assert (options["--save"], options["--appendonly"]) == ("", "no")
    assert "volumes" not in valkey


def documented(kind: str) -> list[str]:
    """The blocks of this language in docs/deploy.md."""
    text = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_a_balancer_before_caddy_is_trusted_as_the_page_tells(tmp_path: Path) -> None:
    (block,) = documented("caddy")
    file = tmp_path / "Caddyfile"
    file.write_text(block + (ROOT / "Caddyfile").read_text())
    variables = {"CONSO_SITE": "duel.example.org", "HOME": str(tmp_path)}
    adapted = tool("caddy", "adapt", "--validate", "--config", file, env=variables)
    assert adapted.returncode == 0, adapted.stderr
    assert '"trusted_proxies":{"ranges":["10.0.0.0/8"],"source":"static"}' in adapted.stdout


@pytest.mark.parametrize(
    ("states", "goes_on"),
    [
        (["healthy", "healthy"], True),
        (["healthy", "unhealthy"], False),
        (["healthy", "starting"], False),
        (["healthy", ""], False),
        (["healthy"], False),
        ([], False),
    ],
)
def test_an_update_goes_on_only_when_old_and_new_are_healthy(
    tmp_path: Path, states: list[str], goes_on: bool
) -> None:
    """The condition of the documented loop, with a `docker` that tells these states of two containers."""
    (loop,) = (block for block in documented("sh") if "until " in block)
    (condition,) = re.findall(r"^ *until (.*); do sleep \d+; done$", loop, re.MULTILINE)
    docker = tmp_path / "docker"
    docker.write_text("#!/bin/sh\n" + "".join(f"echo '{state}'\n" for state in states))
    docker.chmod(0o755)
    variables = {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", "service": "web", "tous": "2"}
    asked = subprocess.run(
        ["sh", "-c", condition], env=variables, capture_output=True, text=True, check=False
    )
    assert ((asked.returncode == 0), asked.stderr) == (goes_on, "")


def test_a_file_env_may_name_the_site(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compose hands the whole file .env to our processes, which refuse names they do not know."""
    monkeypatch.setenv("CONSO_SITE", "duel.example.org")
    environment.check_unknown_names()
