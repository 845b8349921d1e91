"""`manage.py import_pack`: import recorded duels, from a pack or from compar:IA's published conversations."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from pyarrow import ArrowException

from recordings import comparia_rows
from recordings.importing import ImportReport, import_pack, import_rows
from recordings.management.commands.pack import read_pack


class Command(BaseCommand):
    help = _("Importe des duels enregistrés : un paquet, ou les conversations publiées de compar:IA.")

    def add_arguments(self, parser: CommandParser) -> None:
        file_help = _("un paquet en JSON ; de compar:IA, un .jsonl, un .jsonl.gz ou un .parquet")
        parser.add_argument("file", type=Path, metavar=_("FICHIER"), help=file_help)
        dry_help = _("dit ce qui serait importé, sans importer")
        parser.add_argument("--dry-run", action="store_true", help=dry_help)

    def handle(self, *args: Any, file: Path, dry_run: bool, **options: Any) -> None:
        if comparia_rows.is_comparia_file(file):
            report = self._import_comparia(file, dry_run)
        else:
            report = import_pack(read_pack(file), dry_run=dry_run)
        self._print(report)
        if dry_run:
            self.stdout.write(_("Essai : rien n’a été importé."))

    def _import_comparia(self, file: Path, dry_run: bool) -> ImportReport:
        """A curator chooses later which of so many are offered."""
        rows = comparia_rows.read_rows(file)
        try:
            return import_rows(rows, comparia_rows.ORIGIN, dry_run=dry_run, is_offered=False)
        except (OSError, UnicodeDecodeError, ArrowException) as error:
            raise CommandError(_("Ce fichier ne se lit pas : %(error)s") % {"error": error}) from error

    def _print(self, report: ImportReport) -> None:
        self.stdout.write(_("Importés : %(count)d") % {"count": report.taken})
        self.stdout.write(_("Déjà là : %(count)d") % {"count": report.known})
        for refusal, count in sorted(report.refused.items()):
            self.stdout.write(_("Refusés, %(why)s : %(count)d") % {"why": refusal.label, "count": count})
