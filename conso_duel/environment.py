"""Reads the configuration from environment variables; a value it does not know is refused, never guessed."""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


def env_bool(name: str, default: bool) -> bool:
    """The variable as a truth value; raises ImproperlyConfigured on any other word."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value not in TRUE | FALSE:
        raise ImproperlyConfigured(f"{name}={value!r}: expected one of {sorted(TRUE | FALSE)}")
    return value in TRUE


def env_int(name: str, default: int) -> int:
    """The variable as a whole number; raises ImproperlyConfigured on anything else."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name}={value!r}: expected a whole number")
    return int(value)


def env_list(name: str, default: list[str]) -> list[str]:
    """The comma-separated items of the variable."""
    value = os.environ.get(name, "")
    return [item.strip() for item in value.split(",") if item.strip()] or default


def secret_key(state_dir: Path, production: bool) -> str:
    """CONSO_SECRET_KEY, or on the embedded default a random key kept in the state folder."""
    if key := os.environ.get("CONSO_SECRET_KEY"):
        return key
    if production:
        raise ImproperlyConfigured("CONSO_SECRET_KEY must be set when CONSO_PRODUCTION is on")
    path = state_dir / "secret_key"
    if not path.exists():
        state_dir.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()
