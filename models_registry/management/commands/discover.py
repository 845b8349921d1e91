"""`manage.py discover http://127.0.0.1:11434/v1`: register the models that a server offers."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backends.presets import PRESETS
from models_registry.discovery.discover import (
    DiscoveredModel,
    DiscoveryStatus,
    ModelServer,
    register_models,
)
from models_registry.discovery.server_list import list_models, server_from_options
from models_registry.endpoint_hosting import suggest_place
from web.formatting import label_value

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
