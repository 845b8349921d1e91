"""API keys of the models' servers: environment variables, each allowed for the hosts that may receive it.

The registry stores the name of a variable, and a curator chooses it together with the address that receives
its value. Which variable may go to which host is therefore not the curator's to say: the presets know the
usual ones, the operator adds others in CONSO_MODEL_KEYS.
"""

import os
import re
from collections.abc import Iterator

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from yarl import URL

from backends.addresses import host_of
from backends.presets import PRESETS

SETTING = "CONSO_MODEL_KEYS"
NAME = re.compile(r"[A-Z][A-Z0-9_]*")
NAME_ONLY = re.compile(rf"^{NAME.pattern}\Z")
# Variables that configure the site, its database, its queue or its machine: for no host, not even by mistake.
RESERVED_NAMES = re.compile(
    r"(CONSO|DJANGO|DATABASE|DB|POSTGRES|POSTGRESQL|REDIS|VALKEY|CELERY|BROKER|UVICORN|DOCKER|COMPOSE|CADDY)_.*"
    r"|PG[A-Z]+|PYTHON.*|LD_.*|LC_.*|XDG_.*|SSL_CERT_.*|GPG_KEY|SECRET_KEY|CHROMIUM"
    r"|PATH|HOME|USER|LOGNAME|SHELL|PWD|OLDPWD|LANG|LANGUAGE|TERM|TZ|TMPDIR|HOSTNAME|VIRTUAL_ENV"
    r"|(.*_)?(URL|URI|DSN|PASSWORD|PASSWD)"
)
HAS_PORT = re.compile(r"^(\[.*\]|[^:]*):[0-9]+$")
KNOWN_PAIRS = frozenset(
    (preset.api_key_env, host_of(preset.base_url)) for preset in PRESETS if preset.api_key_env
)


def is_reserved(name: str) -> bool:
    """Whether the variable belongs to the site or its machine."""
    return bool(RESERVED_NAMES.fullmatch(name))


def allowed_pairs() -> set[tuple[str, str]]:
    """Each variable with a host, or host:port, that may receive its value."""
    return {*KNOWN_PAIRS, *settings.MODEL_KEYS}


def is_allowed(name: str, url: str) -> bool:
    """Whether the value of this variable may be sent to this URL; true without a variable."""
    if not name:
        return True
    return not is_reserved(name) and not allowed_pairs().isdisjoint((name, place) for place in _places(url))


def _places(url: str) -> Iterator[str]:
    """The host of the URL, alone and with its port where one is written."""
    if host := host_of(url):
        yield host
        if (port := URL(url).explicit_port) is not None:
            yield f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def read_key(name: str, url: str) -> str | None:
    """Read a key from the environment; None when the variable is empty, unset or not for this URL."""
    return (os.environ.get(name) or None) if name and is_allowed(name, url) else None


def has_usable_key() -> Q:
    """Filter for the endpoints that need no key, or whose key is in the environment and allowed for them."""
    usable = Q(api_key_env="")
    for name, place in sorted(allowed_pairs()):
        if os.environ.get(name):
            port = "" if HAS_PORT.search(place) else "(:[0-9]+)?"
            usable |= Q(api_key_env=name, base_url__iregex=rf"^https?://{_escaped(place)}{port}(/|$)")
    return usable


def _escaped(place: str) -> str:
    """A host as the regular expressions of both databases read it; that of IPv6 is written in brackets."""
    host = f"[{place}]" if place.count(":") > 1 and not place.startswith("[") else place
    return re.sub(r"([.\[\]])", r"\\\1", host)


def validate_api_key_env(name: str) -> None:
    """Raise ValidationError when the variable is reserved."""
    if is_reserved(name):
        raise ValidationError(reserved_message(name))


def validate_pair(name: str, url: str) -> None:
    """Raise ValidationError when the variable may not go to this URL; other checks refuse what is none."""
    if NAME.fullmatch(name) and not is_allowed(name, url):
        raise ValidationError(refusal_message(name, url))


def refusal_message(name: str, url: str) -> str:
    """Sentence for a curator: why the value of the variable does not go there, and what to write."""
    if is_reserved(name):
        return reserved_message(name)
    host = host_of(url) or url
    others = ", ".join(sorted(place for known, place in allowed_pairs() if known == name))
    about = {"name": name, "host": host, "others": others, "setting": SETTING}
    if others:
        sentence = _(
            "La variable %(name)s est pour %(others)s et ne part pas vers %(host)s. Si elle le doit, "
            "l’éditeur du site écrit %(setting)s=%(name)s=%(host)s dans son environnement, "
            "et le relance."
        )
    else:
        sentence = _(
            "Rien ne dit que la variable %(name)s peut partir vers %(host)s. Si elle le doit, "
            "l’éditeur du site écrit %(setting)s=%(name)s=%(host)s dans son environnement, "
            "et le relance."
        )
    return sentence % about


def reserved_message(name: str) -> str:
    """Sentence for a curator: why the variable is reserved, and what to use instead."""
    return _(
        "La variable %(name)s appartient au site ou à sa machine : elle n’est envoyée à aucun modèle. "
        "Donnez à la clé une variable à elle, par exemple MISTRAL_API_KEY."
    ) % {"name": name}


def missing_message(name: str) -> str:
    return _("La variable %(name)s est vide : donnez-lui la clé de ce serveur.") % {"name": name}
