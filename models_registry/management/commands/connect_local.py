"""`manage.py connect_local`: the endpoint of a model that this machine serves itself."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from models_registry.models import Endpoint, LanguageModel

MAX_TOKENS = 400  # the local models are small: beyond this they only repeat themselves


class Command(BaseCommand):
    help = "Relie un modèle du registre à un serveur de cette machine, et l’active."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--model", required=True, help="slug in the registry")
        parser.add_argument("--url", required=True, help="for instance http://127.0.0.1:8101/v1")
        parser.add_argument("--provider-model", required=True, help="the model's name on that server")

    def handle(self, *args: Any, **options: Any) -> None:
        model = LanguageModel.objects.filter(slug=options["model"]).first()
        if model is None:
            raise CommandError(f"Aucun modèle « {options['model']} » dans le registre.")
        if not self._move(model, options):
            Endpoint.objects.create(
                model=model,
                provider_model=options["provider_model"],
                base_url=options["url"],
                max_tokens=MAX_TOKENS,
            )
            LanguageModel.objects.filter(pk=model.pk, status=LanguageModel.Status.DRAFT).update(
                status=LanguageModel.Status.ENABLED
            )
        self.stdout.write(f"{model.name} répond à {options['url']}.")

    def _move(self, model: LanguageModel, options: dict[str, Any]) -> bool:
        """Gives the known local endpoint today's address and a fresh start; a curator's choices stay."""
        known = Endpoint.objects.filter(
            model=model, provider_model=options["provider_model"], base_url__startswith="http://127.0.0.1:"
        )
        ours = known.order_by("pk").first()
        if ours is None:
            return False
        ours.base_url, ours.consecutive_failures, ours.paused_until = options["url"], 0, None
        ours.save(update_fields=["base_url", "consecutive_failures", "paused_until"])
        return True
