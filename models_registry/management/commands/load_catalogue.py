"""`manage.py load_catalogue`: the starter catalogue, into the database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from models_registry.seed.load import load_catalogue
from models_registry.seed.read import CatalogueError, read_catalogue


class Command(BaseCommand):
    help = "Charge le catalogue de départ sans toucher à ce que les curateurs ont changé."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = load_catalogue(read_catalogue())
        except CatalogueError as error:
            raise CommandError(str(error)) from error
        counts = report.outcomes
        self.stdout.write(
            f"Catalogue : {counts['created']} fiches créées, {counts['updated']} mises à jour, "
            f"{counts['unchanged']} inchangées."
        )
        for edit in report.kept_edits:
            self.stdout.write(f"  gardé tel qu’un curateur l’a écrit : {edit}")
