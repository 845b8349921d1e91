"""`manage.py discover http://127.0.0.1:11434/v1`: register the models that a server offers."""

import asyncio
import re
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backends.base import BackendError, FailureReason
from backends.openai.client import OfferedModel, OpenAICompatible
from backends.presets import PRESETS, preset_for
from models_registry import api_keys
from models_registry.discovery.discover import (
    DiscoveredModel,
    DiscoveryStatus,
    ModelServer,
    register_models,
)
from models_registry.discovery.probe import message_for, redirect_message
from models_registry.endpoint_hosting import suggest_place
from models_registry.endpoints import model_client
from models_registry.validation import validate_base_url
from web.formatting import label_value

WRONG_ADDRESS = (FailureReason.PROTOCOL_ERROR, FailureReason.BAD_REQUEST)
STATUS_LABELS = {
    DiscoveryStatus.CONNECTED: gettext_lazy("relié à"),
    DiscoveryStatus.ALREADY_CONNECTED: gettext_lazy("déjà relié à"),
    DiscoveryStatus.DRAFTED: gettext_lazy("inconnu du registre, brouillon créé :"),
    DiscoveryStatus.UNKNOWN: gettext_lazy("inconnu du registre, laissé de côté"),
}


class Command(BaseCommand):
    def add_arguments(self, parser: CommandParser) -> None:
        parser.description = _(
            "Liste les modèles qu’un serveur compatible OpenAI propose, et les relie au registre."
        )
        known = ", ".join(preset.slug for preset in PRESETS)
        parser.add_argument(
            "url", nargs="?", help=_("adresse de base, par exemple http://127.0.0.1:11434/v1")
        )
        parser.add_argument(
            "--preset",
            metavar="NAME",
            help=_("un serveur connu au lieu d’une adresse : %(names)s") % {"names": known},
        )
        parser.add_argument(
            "--api-key-env", metavar="VARIABLE", help=_("variable d’environnement qui contient la clé")
        )
        parser.add_argument(
            "--enable", action="store_true", help=_("active les modèles dont la fiche est complète")
        )
        parser.add_argument(
            "--known-only", action="store_true", help=_("aucun brouillon pour les modèles inconnus")
        )
        parser.add_argument(
            "--list", action="store_true", help=_("montre ce qui est proposé et n’écrit rien")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        server = server_from_options(options["url"], options["preset"], options["api_key_env"])
        offered = list_models(server)
        self.stdout.write(
            _("%(url)s propose %(count)d modèles.") % {"url": server.base_url, "count": len(offered)}
        )
        if options["list"]:
            for model in offered:
                self.stdout.write(f"  {model.name}")
            return
        discovered = register_models(
            server, offered, enable=options["enable"], draft_unknown=not options["known_only"]
        )
        for one in discovered:
            self._print(one)
        self._print_hosting(server)

    def _print_hosting(self, server: ModelServer) -> None:
        sentence = _(
            "Hébergement supposé pour les nouveaux points d’accès : %(place)s. "
            "S’il est faux, corrigez-le sur la fiche : l’énergie affichée en dépend."
        )
        self.stdout.write(sentence % {"place": suggest_place(server.base_url).label})

    def _print(self, discovered: DiscoveredModel) -> None:
        """Print a line per model, with what prevents it from being enabled below."""
        name = discovered.model.name if discovered.model else ""
        state = f" ({discovered.model.get_status_display().lower()})" if discovered.model else ""
        outcome = label_value(discovered.offered.name, f"{STATUS_LABELS[discovered.status]} {name}{state}")
        self.stdout.write(f"  {outcome}".rstrip())
        connected = (DiscoveryStatus.CONNECTED, DiscoveryStatus.ALREADY_CONNECTED)
        if discovered.is_quantised and discovered.status in connected:
            note = _("poids réduits sur ce serveur : la fiche garde la précision publiée.")
            self.stdout.write(f"    {note}")
        if discovered.moving:
            note = _("ce nom suit le modèle le plus récent : vérifiez que c’est bien celui-là.")
            self.stdout.write(f"    {note}")
        if discovered.nearest:
            note = _("le plus proche : %(name)s (%(slug)s) ; si c’est lui, ajoutez ce nom à sa fiche.") % {
                "name": discovered.nearest.name,
                "slug": discovered.nearest.slug,
            }
            self.stdout.write(f"    {note}")
        for sentence in discovered.blockers:
            self.stdout.write("    " + label_value(_("pas activé"), sentence))


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
        return await OpenAICompatible(server.base_url, model="", api_key=key, http=http).list_models()


def list_failure_message(server: ModelServer, error: BackendError) -> str:
    """Why no list came, the address that was asked, what to write instead, and the server's own words."""
    url = server.base_url
    sentences = [_failure_sentence(server, error)]
    sentences.append(_("Adresse demandée : %(url)s.") % {"url": f"{url}/models"})
    if error.redirected_to:
        sentences.append(redirect_message(error.redirected_to))
    elif error.reason in WRONG_ADDRESS and not re.search(r"/v\d[^/]*(/|$)", url):
        sentences.append(_("Essayez %(url)s.") % {"url": f"{url}/v1"})
    return " ".join(sentences) + f" ({error.detail})"


def _failure_sentence(server: ModelServer, error: BackendError) -> str:
    match error.reason:
        case FailureReason.UNAUTHORIZED if server.api_key_env:
            return _("Le serveur refuse la clé de la variable %(name)s.") % {"name": server.api_key_env}
        case FailureReason.UNAUTHORIZED:
            return _(
                "Ce serveur veut une clé : mettez-la dans une variable d’environnement, "
                "par exemple %(name)s, et ajoutez --api-key-env %(name)s."
            ) % {"name": _usual_key(server.base_url)}
        case reason if reason in WRONG_ADDRESS:
            return _("Cette adresse ne donne pas de liste de modèles.")
        case reason:
            return message_for(reason)


def _usual_key(base_url: str) -> str:
    """Variable usually given to the key of this server."""
    host = urlsplit(base_url).hostname
    keys = (preset.api_key_env for preset in PRESETS if urlsplit(preset.base_url).hostname == host)
    return next(filter(None, keys), "MODEL_API_KEY")
