"""A value or a name that the settings do not know stops the start, with a word on what was meant."""

import subprocess
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from conso_duel import environment
from tests.conso_duel.fresh import ran

VARIABLE = "A"


def test_a_truth_value_is_one_of_eight_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "Yes")
    assert environment.env_bool(VARIABLE, False) is True
    monkeypatch.setenv(VARIABLE, "oui")
    with pytest.raises(ImproperlyConfigured, match=r"A=oui.: il faut l’un de ces mots"):
        environment.env_bool(VARIABLE, False)


@pytest.mark.parametrize("value", ["-1", "12.5", "douze", "0x10"])
def test_a_number_is_whole_and_not_negative(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(VARIABLE, value)
    with pytest.raises(ImproperlyConfigured, match="il faut un nombre entier"):
        environment.env_int(VARIABLE, 3)


def test_a_number_may_have_to_be_one_at_least(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "0")
    assert environment.env_int(VARIABLE, 3) == 0
    with pytest.raises(ImproperlyConfigured, match="il faut un nombre entier, 1 au moins"):
        environment.env_int(VARIABLE, 3, at_least=1)


def test_a_choice_is_one_of_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert environment.env_choice(VARIABLE, ("line", "json")) == "line"
    monkeypatch.setenv(VARIABLE, "xml")
    with pytest.raises(ImproperlyConfigured, match=r"il faut l’un de ces mots.: line, json"):
        environment.env_choice(VARIABLE, ("line", "json"))


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, " ")
    assert environment.env_int(VARIABLE, 3) == 3
    assert environment.env_text(VARIABLE, "x") == "x"
    assert environment.env_list(VARIABLE, ["y"]) == ["y"]


def started_with(**variables: str) -> "subprocess.CompletedProcess[str]":
    """The settings read by a new process."""
    return ran("import conso_duel.settings", **variables)


def test_a_misspelt_variable_is_refused_with_the_one_that_was_meant() -> None:
    refused = started_with(CONSO_PORDUCTION="1")
    assert refused.returncode != 0
    assert (
        "CONSO_PORDUCTION\u00a0: aucun réglage ne porte ce nom. Vouliez-vous écrire CONSO_PRODUCTION"
        in refused.stderr
    )


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [("REDIS_ULR", "REDIS_URL"), ("DATABSE_URL", "DATABASE_URL"), ("CONOS_PRODUCTION", "CONSO_PRODUCTION")],
)
def test_a_misspelt_name_is_refused_whatever_its_prefix(misspelt: str, meant: str) -> None:
    refused = started_with(**{misspelt: "x", meant: ""})
    assert refused.returncode != 0
    assert f"{misspelt}\u00a0: aucun réglage ne porte ce nom. Vouliez-vous écrire {meant}" in refused.stderr


def test_a_name_of_another_program_is_none_of_ours() -> None:
    assert started_with(REDIS_TLS_URL="x", PORT="1", HOST="x", DATABASE="x").returncode == 0


def test_a_likely_name_is_left_alone_where_the_setting_itself_is_given(tmp_path: Path) -> None:
    given = f"sqlite:///{tmp_path / 'a.sqlite3'}"
    assert started_with(DATABASE_URL=given, DATABASE_URLS="x").returncode == 0


def test_what_only_make_run_reads_is_known_to_the_settings() -> None:
    assert started_with(CONSO_PORT="8123", CONSO_HOST="127.0.0.1").returncode == 0


@pytest.mark.parametrize(
    "name", ["CONSO_STALE_AFTER_SECONDS", "CONSO_DB_POOL_SIZE", "CONSO_REDIS_MAX_CONNECTIONS"]
)
def test_what_must_be_one_at_least_is_refused_at_nought(name: str) -> None:
    refused = started_with(**{name: "0", "DATABASE_URL": "postgres://conso@localhost/conso"})
    assert f"{name}=0\u00a0: il faut un nombre entier, 1 au moins." in refused.stderr


def test_only_sqlite_and_postgresql_are_databases_and_a_refusal_tells_no_password() -> None:
    refused = started_with(DATABASE_URL="mysql://conso:sesame@localhost/conso")
    assert "DATABASE_URL doit commencer par sqlite:/// ou postgres://." in refused.stderr
    assert "sesame" not in refused.stderr


def test_a_sqlite_that_cannot_do_what_we_ask_is_refused_with_the_way_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(environment.sqlite3, "sqlite_version_info", (3, 34, 1))
    monkeypatch.setattr(environment.sqlite3, "sqlite_version", "3.34.1")
    with pytest.raises(ImproperlyConfigured, match=r"3\.34\.1, est trop ancien.*qui apporte 3\.35"):
        environment.database("sqlite:///duels.sqlite3")
    assert environment.database("postgres://conso@localhost/conso")["NAME"] == "conso"


def test_detailed_errors_are_refused_in_production() -> None:
    refused = started_with(CONSO_PRODUCTION="1", CONSO_DEBUG="1", CONSO_SECRET_KEY="x" * 60)
    assert "CONSO_DEBUG et CONSO_PRODUCTION ne vont pas ensemble." in refused.stderr
    assert started_with(CONSO_DEBUG="1").returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stale", "tick", "expires_seconds"), [("30", 10.0, 60), ("1", 1 / 3, 60), ("300", 100.0, 600)]
)
def test_the_clock_is_given_six_ticks_before_it_is_said_to_have_stopped(
    stale: str, tick: float, expires_seconds: int
) -> None:
    code = (
        "import django; django.setup(); from conso_duel.celery import app; from duels.worker import beat;"
        "print(app.conf.beat_schedule['fail-stale-answers']['schedule'],"
        " beat.BEAT_TIMEOUT_SECONDS)"
    )
    ended = ran(code, CONSO_STALE_AFTER_SECONDS=stale)
    assert ended.stdout.split() == [str(tick), str(expires_seconds)], ended.stderr


def test_production_without_a_key_is_refused() -> None:
    refused = started_with(CONSO_PRODUCTION="1")
    assert "il faut aussi CONSO_SECRET_KEY" in refused.stderr
