"""`manage.py discover http://127.0.0.1:11434/v1`: what a server offers, and endpoints for what we know."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from backends.base import BackendError
from backends.openai.client import OfferedModel, OpenAICompatible
from backends.presets import PRESETS, preset_for
from models_registry import api_keys
from models_registry.discovery.discover import DiscoveredModel, DiscoveryStatus, ModelServer, register_models
from models_registry.discovery.probe import message_for
from models_registry.validation import validate_base_url

FOUND_FR = {
    DiscoveryStatus.CONNECTED: "relié à",
    DiscoveryStatus.ALREADY: "déjà relié à",
    DiscoveryStatus.DRAFTED: "inconnu du registre, brouillon créé :",
    DiscoveryStatus.UNKNOWN: "inconnu du registre, laissé de côté",
}


class Command(BaseCommand):
    help = "Liste les modèles qu’un serveur compatible OpenAI propose, et les relie au registre."

    def add_arguments(self, parser: CommandParser) -> None:
        known = ", ".join(preset.slug for preset in PRESETS)
        parser.add_argument("url", nargs="?", help="base address, for instance http://127.0.0.1:11434/v1")
        parser.add_argument(
            "--preset", metavar="NAME", help=f"a well-known server instead of an address: {known}"
        )
        parser.add_argument(
            "--api-key-env", metavar="VARIABLE", help="environment variable that holds the key"
        )
        parser.add_argument("--enable", action="store_true", help="enable the models whose sheet is complete")
        parser.add_argument("--known-only", action="store_true", help="no drafts for models nobody knows")
        parser.add_argument("--list", action="store_true", help="show what is offered and write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        server = server_of(options["url"], options["preset"], options["api_key_env"])
        offered = offered_by(server)
        self.stdout.write(f"{server.base_url} propose {len(offered)} modèles.")
        if options["list"]:
            for model in offered:
                self.stdout.write(f"  {model.name}")
            return
        discoveries = register_models(
            server, offered, enable=options["enable"], draft_unknown=not options["known_only"]
        )
        for discovery in discoveries:
            self.tell(discovery)

    def tell(self, discovery: DiscoveredModel) -> None:
        """One line per model, and what it lacks below."""
        name = discovery.model.name if discovery.model else ""
        state = f" ({discovery.model.get_status_display().lower()})" if discovery.model else ""
        self.stdout.write(f"  {discovery.offered.name} : {FOUND_FR[discovery.found]} {name}{state}".rstrip())
        if discovery.is_quantised and discovery.found in (DiscoveryStatus.CONNECTED, DiscoveryStatus.ALREADY):
            self.stdout.write("    poids réduits sur ce serveur : la fiche garde la précision publiée.")
        for sentence in discovery.lacks:
            self.stdout.write(f"    pas activé : {sentence}")


def server_of(url: str | None, preset_name: str | None, api_key_env: str | None) -> ModelServer:
    """The server that the words of the command name; raises CommandError when they name none."""
    preset = next((preset for preset in PRESETS if preset.slug == preset_name), None)
    if preset_name and preset is None:
        known = ", ".join(preset.slug for preset in PRESETS)
        raise CommandError(f"Serveur « {preset_name} » inconnu ; connus : {known}.")
    if not (url or preset):
        raise CommandError("Donnez une adresse, ou --preset et le nom d’un serveur connu.")
    base_url = (url or (preset.base_url if preset else "")).rstrip("/")
    try:
        validate_base_url(base_url)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
    preset = preset or preset_for(base_url)
    default_key, options = (preset.api_key_env, preset.options) if preset else ("", {})
    return ModelServer(base_url, default_key if api_key_env is None else api_key_env, options)


def offered_by(server: ModelServer) -> tuple[OfferedModel, ...]:
    """What the server lists; raises CommandError with the reason in words."""
    if not api_keys.is_allowed(server.api_key_env):
        raise CommandError(api_keys.refusal_message(server.api_key_env))
    key = api_keys.read_key(server.api_key_env)
    if server.api_key_env and not key:
        raise CommandError(f"La variable {server.api_key_env} est vide : donnez-lui la clé de ce serveur.")
    try:
        return OpenAICompatible(server.base_url, model="", api_key=key).list_models()
    except BackendError as error:
        raise CommandError(f"{message_for(error.reason)} ({error.detail})") from error
