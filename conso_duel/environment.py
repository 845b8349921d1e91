"""Reads the settings from environment variables; raises ImproperlyConfigured on what it does not know."""

import os
import re
import secrets
import sqlite3
from collections.abc import Iterable
from difflib import get_close_matches
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from conso_duel.console import gettext as _

TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}
PREFIX = "CONSO_"
SQLITE, POSTGRESQL = "django.db.backends.sqlite3", "django.db.backends.postgresql"
OLDEST_SQLITE = (3, 35)  # the first that knows RETURNING: https://www.sqlite.org/lang_returning.html
# Read outside the settings: by `make run`, by docker-compose.yml, by `make curator`.
READ_ELSEWHERE = {
    "CONSO_HOST", "CONSO_PORT", "CONSO_SITE", "CONSO_CURATOR_NAME", "CONSO_CURATOR_PASSWORD",
}  # fmt: skip
IMAGES, MAX_IMAGE_BYTES = (".svg", ".png", ".webp"), 100_000  # it comes with the first page
MODEL_KEY, MODEL_HOST = re.compile(r"[A-Z][A-Z0-9_]*"), re.compile(r"[^\s=/@?#\\]+")
# Two letters changed places in REDIS_URL: 0.89. REDIS_TLS_URL, which a host may give for others: 0.82.
MISSPELT = 0.88
GIVEN = frozenset(name for name, value in os.environ.items() if value)  # before `make run` adds its own
_read: set[str] = set()


def env_text(name: str, default: str = "") -> str:
    """The variable as it is written; the default where it is empty."""
    _read.add(name)
    return os.environ.get(name, "").strip() or default


def env_choice(name: str, choices: tuple[str, ...]) -> str:
    """The variable as one of these words, the first by default; raises ImproperlyConfigured on any other."""
    value = env_text(name, choices[0])
    if value not in choices:
        raise _unexpected_word(name, value, choices)
    return value


def _unexpected_word(name: str, value: str, words: Iterable[str]) -> ImproperlyConfigured:
    message = _("%(name)s=%(value)s : il faut l’un de ces mots : %(words)s.")
    return ImproperlyConfigured(message % {"name": name, "value": value, "words": ", ".join(words)})


def env_bool(name: str, default: bool) -> bool:
    """The variable as a truth value; raises ImproperlyConfigured on any other word."""
    value = env_text(name).lower()
    if not value:
        return default
    if value not in TRUE | FALSE:
        raise _unexpected_word(name, value, sorted(TRUE | FALSE))
    return value in TRUE


def env_int(name: str, default: int, at_least: int = 0) -> int:
    """The variable as a whole number; raises ImproperlyConfigured on anything else, or on less."""
    value = env_text(name)
    if not value:
        return default
    if not value.isdecimal() or int(value) < at_least:
        message = _("%(name)s=%(value)s : il faut un nombre entier, %(least)d au moins.")
        raise ImproperlyConfigured(message % {"name": name, "value": value, "least": at_least})
    return int(value)


def env_list(name: str, default: list[str]) -> list[str]:
    """The comma-separated items of the variable."""
    return [item.strip() for item in env_text(name).split(",") if item.strip()] or default


def env_image(name: str) -> Path | None:
    """The variable as a file that browsers show; raises ImproperlyConfigured on another, or a heavy one."""
    if not (written := env_text(name)):
        return None
    file = Path(written)
    if file.suffix.lower() not in IMAGES or not file.is_file() or file.stat().st_size > MAX_IMAGE_BYTES:
        message = _("%(name)s=%(value)s : il faut une image (%(kinds)s) de %(most)d ko au plus.")
        facts = {"kinds": ", ".join(IMAGES), "most": MAX_IMAGE_BYTES // 1_000}
        raise ImproperlyConfigured(message % {"name": name, "value": written, **facts})
    return file


def env_networks(name: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """The variable as networks, each written 192.0.2.0/24 or as an address; raises ImproperlyConfigured."""
    try:
        return tuple(ip_network(item) for item in env_list(name, []))
    except ValueError as error:
        message = _("%(name)s : il faut des réseaux, comme 192.0.2.0/24 ou 2001:db8:1::/48. %(error)s")
        raise ImproperlyConfigured(message % {"name": name, "error": error}) from error


def env_model_keys(name: str) -> frozenset[tuple[str, str]]:
    """The variable as pairs of a key and its host, each written KEY=host or KEY=host:port."""
    return frozenset(_model_key(name, item) for item in env_list(name, []))


def _model_key(name: str, item: str) -> tuple[str, str]:
    variable, _separator, host = item.partition("=")
    variable, host = variable.strip(), host.strip().lower()
    if not MODEL_KEY.fullmatch(variable) or not MODEL_HOST.fullmatch(host):
        message = _(
            "%(name)s : « %(item)s » devrait être VARIABLE=serveur, comme MISTRAL_API_KEY=api.mistral.ai."
        )
        raise ImproperlyConfigured(message % {"name": name, "item": item})
    return variable, host


def check_unknown_names() -> None:
    """Raises ImproperlyConfigured on a CONSO_ variable that nothing reads, and on one whose name is all but
    that of a setting, whatever its prefix: a typing error, most often."""
    known = _read | READ_ELSEWHERE
    for name in sorted(os.environ.keys() - known):
        near = get_close_matches(name, known, n=1, cutoff=0.6 if name.startswith(PREFIX) else MISSPELT)
        if near and (name.startswith(PREFIX) or near[0] not in GIVEN):
            message = _("%(name)s : aucun réglage ne porte ce nom. Vouliez-vous écrire %(near)s ?")
            raise ImproperlyConfigured(message % {"name": name, "near": near[0]})
        if name.startswith(PREFIX):
            message = _("%(name)s : aucun réglage ne porte ce nom ; README.md les donne tous.")
            raise ImproperlyConfigured(message % {"name": name})


def debug(production: bool) -> bool:
    """CONSO_DEBUG, whose pages show settings and code to whoever causes an error: never on a real site."""
    wanted = env_bool("CONSO_DEBUG", False)
    if wanted and production:
        raise ImproperlyConfigured(_("CONSO_DEBUG et CONSO_PRODUCTION ne vont pas ensemble."))
    return wanted


def database(url: str) -> dict[str, Any]:
    """The database that DATABASE_URL names: SQLite or PostgreSQL, no other is tried."""
    try:
        named: dict[str, Any] = dict(dj_database_url.parse(url))
    except ValueError as error:
        raise _bad_database_url() from error
    if named["ENGINE"] not in (SQLITE, POSTGRESQL):
        raise _bad_database_url()
    if named["ENGINE"] == SQLITE and sqlite3.sqlite_version_info < OLDEST_SQLITE:
        message = _(
            "Le SQLite de ce Python, %(version)s, est trop ancien : prenez-en un qui apporte "
            "%(oldest)s ou plus récent, ou nommez un PostgreSQL dans DATABASE_URL."
        )
        oldest = ".".join(map(str, OLDEST_SQLITE))
        raise ImproperlyConfigured(message % {"version": sqlite3.sqlite_version, "oldest": oldest})
    return named


def _bad_database_url() -> ImproperlyConfigured:
    return ImproperlyConfigured(_("DATABASE_URL doit commencer par sqlite:/// ou postgres://."))


def secret_key(state_dir: Path, production: bool) -> str:
    """CONSO_SECRET_KEY, or on the embedded default a random key stored in the state folder."""
    if key := env_text("CONSO_SECRET_KEY"):
        return key
    if production:
        raise ImproperlyConfigured(_("Avec CONSO_PRODUCTION, il faut aussi CONSO_SECRET_KEY."))
    path = state_dir / "secret_key"
    if not path.exists():
        state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()
