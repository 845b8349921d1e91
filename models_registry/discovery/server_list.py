"""Lists the models that a server offers, for the command and for the admin; each refusal is a sentence."""

import asyncio
import re
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.utils.translation import gettext as _

from backends.base import BackendError, FailureReason
from backends.openai.client import OfferedModel, OpenAICompatible, Timeouts
from backends.presets import PRESETS, preset_for
from models_registry import api_keys
from models_registry.discovery.discover import ModelServer
from models_registry.discovery.probe import message_for, redirect_message
from models_registry.endpoints import model_client
from models_registry.validation import validate_base_url

LIST_TIMEOUTS = Timeouts(first_token_seconds=10.0, total_seconds=15.0)  # somebody waits in front of the page
SILENT = (FailureReason.TIMEOUT, FailureReason.NO_OUTPUT)
WRONG_ADDRESS = (FailureReason.PROTOCOL_ERROR, FailureReason.BAD_REQUEST)


def server_from_options(url: str | None, preset_name: str | None, api_key_env: str | None) -> ModelServer:
    """Server that the options name; raises CommandError when they name none."""
    preset = next((preset for preset in PRESETS if preset.slug == preset_name), None)
    if preset_name and preset is None:
        known = ", ".join(preset.slug for preset in PRESETS)
        raise CommandError(
            _("Serveur « %(name)s » inconnu ; connus : %(known)s.") % {"name": preset_name, "known": known}
        )
    if not (url or preset):
        raise CommandError(_("Donnez une adresse, ou --preset et le nom d’un serveur connu."))
    base_url = (url or (preset.base_url if preset else "")).rstrip("/")
    try:
        validate_base_url(base_url)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
    preset = preset or preset_for(base_url)
    default_key, extra_body = (preset.api_key_env, preset.options) if preset else ("", {})
    return ModelServer(base_url, default_key if api_key_env is None else api_key_env, extra_body)


def list_models(server: ModelServer) -> tuple[OfferedModel, ...]:
    """Models that the server lists; raises CommandError with a sentence when it cannot be asked."""
    if not api_keys.is_allowed(server.api_key_env, server.base_url):
        raise CommandError(api_keys.refusal_message(server.api_key_env, server.base_url))
    key = api_keys.read_key(server.api_key_env, server.base_url)
    if server.api_key_env and not key:
        raise CommandError(api_keys.missing_message(server.api_key_env))
    try:
        return asyncio.run(_ask_list(server, key))
    except BackendError as error:
        raise CommandError(list_failure_message(server, error)) from error


async def _ask_list(server: ModelServer, key: str | None) -> tuple[OfferedModel, ...]:
    async with model_client() as http:
        asked = OpenAICompatible(server.base_url, model="", api_key=key, http=http, timeouts=LIST_TIMEOUTS)
        return await asked.list_models()


def list_failure_message(server: ModelServer, error: BackendError) -> str:
    """Why no list came, the address that was asked, what to write instead, and the server's own words."""
    url = server.base_url
    sentences = [_failure_sentence(server, error)]
    sentences.append(_("Adresse demandée : %(url)s.") % {"url": f"{url}/models"})
    if error.redirected_to:
        sentences.append(redirect_message(error.redirected_to))
    elif error.reason in WRONG_ADDRESS and not re.search(r"/v\d[^/]*(/|$)", url):
        sentences.append(_("Essayez %(url)s.") % {"url": f"{url}/v1"})
    if error.reason not in SILENT:
        sentences.append(f"({error.detail})")
    return " ".join(sentences)


def _failure_sentence(server: ModelServer, error: BackendError) -> str:
    match error.reason:
        case FailureReason.UNAUTHORIZED if server.api_key_env:
            return _("Le serveur refuse la clé de la variable %(name)s.") % {"name": server.api_key_env}
        case FailureReason.UNAUTHORIZED:
            return _(
                "Ce serveur veut une clé : mettez-la dans une variable d’environnement, "
                "par exemple %(name)s, et donnez ce nom (avec la commande : --api-key-env %(name)s)."
            ) % {"name": _usual_key(server.base_url)}
        case reason if reason in SILENT:
            return _(
                "Le serveur ne répond pas : vérifiez l’adresse, et qu’il n’est pas en train de démarrer."
            )
        case reason if reason in WRONG_ADDRESS:
            return _("Cette adresse ne donne pas de liste de modèles.")
        case reason:
            return message_for(reason)


def _usual_key(base_url: str) -> str:
    """Variable usually given to the key of this server."""
    host = urlsplit(base_url).hostname
    keys = (preset.api_key_env for preset in PRESETS if urlsplit(preset.base_url).hostname == host)
    return next(filter(None, keys), "MODEL_API_KEY")
