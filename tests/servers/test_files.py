"""The files of a deployment, read by the programs they are for."""

import re
from pathlib import Path
from typing import Any

import pytest

from conso_duel import environment
from tests.services.compose import ROOT, tool

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
    assert set(compose_file["volumes"]) == {"caddy-data", "caddy-config", "valkey", "postgres"}
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
    told = compose_file["services"][service]
    assert told["read_only"] is True
    assert told["security_opt"] == ["no-new-privileges:true"]


def test_compose_asks_for_what_it_cannot_guess(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("")
    refused = tool("docker-compose", "--env-file", tmp_path / "empty", "config")
    assert refused.returncode != 0
    assert re.search("CONSO_SITE|CONSO_SECRET_KEY|POSTGRES_PASSWORD", refused.stderr)


def test_a_file_env_may_name_the_site(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compose hands the whole file .env to our processes, which refuse names they do not know."""
    monkeypatch.setenv("CONSO_SITE", "duel.example.org")
    environment.refuse_unknown_names()
