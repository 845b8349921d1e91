"""`manage.py connect_local`: give a model an endpoint on a server of this machine."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from models_registry.endpoint_hosting import Place, suggest_hosting
from models_registry.models import Endpoint, LanguageModel

MAX_TOKENS = 400  # the local models are small: beyond this they only repeat themselves


class Command(BaseCommand):
    def add_arguments(self, parser: CommandParser) -> None:
        parser.description = _("Relie un modèle du registre à un serveur de cette machine, et l’active.")
        parser.add_argument("--model", required=True, help=_("identifiant du modèle dans le registre"))
        parser.add_argument("--url", required=True, help=_("par exemple http://127.0.0.1:8101/v1"))
        parser.add_argument("--provider-model", required=True, help=_("nom du modèle sur ce serveur"))
        parser.add_argument(
            "--served-bits", type=float, help=_("précision du fichier servi, par exemple 4 pour un Q4")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        model = LanguageModel.objects.filter(slug=options["model"]).first()
        if model is None:
            raise CommandError(_("Aucun modèle « %(slug)s » dans le registre.") % {"slug": options["model"]})
        if not self._update_endpoint(model, options):
            Endpoint.objects.create(
                model=model,
                provider_model=options["provider_model"],
                base_url=options["url"],
                max_tokens=MAX_TOKENS,
                **_hosting(options),
            )
            LanguageModel.objects.filter(pk=model.pk, status=LanguageModel.Status.DRAFT).update(
                status=LanguageModel.Status.ENABLED
            )
        self.stdout.write(_("%(model)s répond à %(url)s.") % {"model": model.name, "url": options["url"]})

    def _update_endpoint(self, model: LanguageModel, options: dict[str, Any]) -> bool:
        """Move an existing local endpoint to this URL and clear its failures; False when there is none."""
        endpoint = (
            Endpoint.objects.filter(
                model=model,
                provider_model=options["provider_model"],
                base_url__startswith="http://127.0.0.1:",
            )
            .order_by("pk")
            .first()
        )
        if endpoint is None:
            return False
        endpoint.base_url, endpoint.last_error = options["url"], ""
        endpoint.consecutive_failures, endpoint.paused_until = 0, None
        if endpoint.hosting == Place.CLOUD:  # nobody has said where it is
            for name, value in _hosting(options).items():
                setattr(endpoint, name, value)
        endpoint.save()
        return True


def _hosting(options: dict[str, Any]) -> dict[str, Any]:
    """The fields of Hosted that the address and the options tell."""
    suggested = suggest_hosting(options["url"], options["provider_model"])
    return suggested | ({"served_bits": options["served_bits"]} if options["served_bits"] else {})
