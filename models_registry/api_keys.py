"""API keys of the models' servers: read from environment variables whose names the registry stores."""

import os
import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

NAME = re.compile(r"[A-Z][A-Z0-9_]*")
# Variables that configure the site, its database, its queue or its machine. A curator chooses both the
# variable and the address that receives its value: without this list, one could send the site's secrets away.
RESERVED_NAMES = re.compile(
    r"(CONSO|DJANGO|DATABASE|DB|POSTGRES|POSTGRESQL|REDIS|VALKEY|CELERY|BROKER|UVICORN|DOCKER|COMPOSE|CADDY)_.*"
    r"|PG[A-Z]+|PYTHON.*|LD_.*|LC_.*|XDG_.*|SSL_CERT_.*|GPG_KEY|SECRET_KEY|CHROMIUM"
    r"|PATH|HOME|USER|LOGNAME|SHELL|PWD|OLDPWD|LANG|LANGUAGE|TERM|TZ|TMPDIR|HOSTNAME|VIRTUAL_ENV"
    r"|(.*_)?(URL|URI|DSN|PASSWORD|PASSWD)"
)


def is_allowed(name: str) -> bool:
    """Whether the value of this variable may be sent to a model's server."""
    return not RESERVED_NAMES.fullmatch(name)


def read_key(name: str) -> str | None:
    """Read a key from the environment; None when the variable is empty, unset or reserved."""
    return (os.environ.get(name) or None) if name and is_allowed(name) else None


def present_names() -> tuple[str, ...]:
    """Variables of the environment that hold a value and may be sent to a model's server."""
    named = (name for name, value in os.environ.items() if value and NAME.fullmatch(name))
    return tuple(filter(is_allowed, named))


def validate_api_key_env(name: str) -> None:
    """Raise ValidationError when the variable is reserved."""
    if not is_allowed(name):
        raise ValidationError(refusal_message(name))


def refusal_message(name: str) -> str:
    """Sentence for a curator: why the variable is reserved, and what to use instead."""
    return _(
        "La variable %(name)s appartient au site ou à sa machine : elle n’est envoyée à aucun modèle. "
        "Donnez à la clé une variable à elle, par exemple MISTRAL_API_KEY."
    ) % {"name": name}
