"""The keys of the models' servers: in the environment, under a name that the registry holds."""

import os
import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# What the site, its database, its queue and its machine are told by the environment. A curator chooses both
# the name and the address that its value is sent to: under these names nothing is read for a model.
RESERVED_NAMES = re.compile(
    r"(CONSO|DJANGO|DATABASE|DB|POSTGRES|POSTGRESQL|REDIS|VALKEY|CELERY|BROKER|UVICORN|DOCKER|COMPOSE|CADDY)_.*"
    r"|PG[A-Z]+|PYTHON.*|LD_.*|LC_.*|XDG_.*|SSL_CERT_.*|GPG_KEY|SECRET_KEY|CHROMIUM"
    r"|PATH|HOME|USER|LOGNAME|SHELL|PWD|OLDPWD|LANG|LANGUAGE|TERM|TZ|TMPDIR|HOSTNAME|VIRTUAL_ENV"
    r"|(.*_)?(URL|URI|DSN|PASSWORD|PASSWD)"
)


def is_allowed(name: str) -> bool:
    """Whether the variable of this name may be sent to a model's server."""
    return not RESERVED_NAMES.fullmatch(name)


def read_key(name: str) -> str | None:
    """What the environment holds under this name; None where that is nothing, or nothing for a model."""
    return (os.environ.get(name) or None) if name and is_allowed(name) else None


def validate_api_key_env(name: str) -> None:
    """Refuses the name of what must not leave the site."""
    if not is_allowed(name):
        raise ValidationError(refusal_message(name))


def refusal_message(name: str) -> str:
    """Why the value of this variable is not sent, and what to do instead."""
    return _(
        "La variable %(name)s appartient au site ou à sa machine : elle n’est envoyée à aucun modèle. "
        "Donnez à la clé une variable à elle, par exemple MISTRAL_API_KEY."
    ) % {"name": name}
