"""Reads the configuration from environment variables; a value it does not know is refused, never guessed."""

import os
import secrets
import sqlite3
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}
PREFIX = "CONSO_"
SQLITE, POSTGRESQL = "django.db.backends.sqlite3", "django.db.backends.postgresql"
OLDEST_SQLITE = (3, 35)  # the first that knows RETURNING: https://www.sqlite.org/lang_returning.html
# Read outside the settings: by `make run`, by docker-compose.yml.
READ_ELSEWHERE = {"CONSO_HOST", "CONSO_PORT", "CONSO_SITE"}
_read: set[str] = set()


def env_text(name: str, default: str = "") -> str:
    """The variable as it is written; the default where it is empty."""
    _read.add(name)
    return os.environ.get(name, "").strip() or default


def env_choice(name: str, choices: tuple[str, ...]) -> str:
    """The variable as one of these words, the first by default; raises ImproperlyConfigured on any other."""
    value = env_text(name, choices[0])
    if value not in choices:
        raise ImproperlyConfigured(f"{name}={value!r}: expected one of {list(choices)}")
    return value


def env_bool(name: str, default: bool) -> bool:
    """The variable as a truth value; raises ImproperlyConfigured on any other word."""
    value = env_text(name).lower()
    if not value:
        return default
    if value not in TRUE | FALSE:
        raise ImproperlyConfigured(f"{name}={value!r}: expected one of {sorted(TRUE | FALSE)}")
    return value in TRUE


def env_int(name: str, default: int, at_least: int = 0) -> int:
    """The variable as a whole number; raises ImproperlyConfigured on anything else, or on less."""
    value = env_text(name)
    if not value:
        return default
    if not value.isdecimal() or int(value) < at_least:
        raise ImproperlyConfigured(f"{name}={value!r}: expected a whole number, {at_least} or more")
    return int(value)


def env_list(name: str, default: list[str]) -> list[str]:
    """The comma-separated items of the variable."""
    return [item.strip() for item in env_text(name).split(",") if item.strip()] or default


def check_unknown_names() -> None:
    """Raises ImproperlyConfigured on a variable of ours that nothing reads: a typing error, most often."""
    known = _read | READ_ELSEWHERE
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f" (did you mean {near[0]}?)" if near else ""
            raise ImproperlyConfigured(f"{name}: no setting has this name{hint}; README.md lists them all")


def debug(production: bool) -> bool:
    """CONSO_DEBUG, whose pages show settings and code to whoever causes an error: never on a real site."""
    wanted = env_bool("CONSO_DEBUG", False)
    if wanted and production:
        raise ImproperlyConfigured("CONSO_DEBUG and CONSO_PRODUCTION cannot both be on")
    return wanted


def database(url: str) -> dict[str, Any]:
    """What DATABASE_URL names: SQLite or PostgreSQL, no other is tried."""
    named: dict[str, Any] = dict(dj_database_url.parse(url))
    if named["ENGINE"] not in (SQLITE, POSTGRESQL):
        raise ImproperlyConfigured("DATABASE_URL: expected sqlite:///… or postgres://…")
    if named["ENGINE"] == SQLITE and sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise ImproperlyConfigured(
            f"This Python brings SQLite {sqlite3.sqlite_version}, too old; take one with "
            f"{'.'.join(map(str, OLDEST_SQLITE))} or newer, or name a PostgreSQL in DATABASE_URL"
        )
    return named


def secret_key(state_dir: Path, production: bool) -> str:
    """CONSO_SECRET_KEY, or on the embedded default a random key kept in the state folder."""
    if key := env_text("CONSO_SECRET_KEY"):
        return key
    if production:
        raise ImproperlyConfigured("CONSO_SECRET_KEY must be set when CONSO_PRODUCTION is on")
    path = state_dir / "secret_key"
    if not path.exists():
        state_dir.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()
