"""`manage.py load_catalogue`: load the starter catalogue into the database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from models_registry.seed.load import load_catalogue
from models_registry.seed.read import CatalogueError, read_catalogue
from web.formatting import label_value


class Command(BaseCommand):
    def add_arguments(self, parser: CommandParser) -> None:
        parser.description = _(
            "Charge le catalogue de départ sans toucher à ce que les curateurs ont changé."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = load_catalogue(read_catalogue())
        except CatalogueError as error:
            raise CommandError(str(error)) from error
        counts = {name: report.outcomes[name] for name in ("created", "updated", "unchanged")}
        self.stdout.write(
            _("Catalogue : %(created)d fiches créées, %(updated)d mises à jour, %(unchanged)d inchangées.")
            % counts
        )
        for edit in report.preserved_edits:
            self.stdout.write("  " + label_value(_("gardé tel qu’un curateur l’a écrit"), edit))
