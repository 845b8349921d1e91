"""`manage.py publish_data`: publish the open data on the site, into a folder, and elsewhere."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from open_data.publication import NotOurFolder, publish, rehearse
from open_data.pushing import InvalidTarget, PushFailed, parse_target


class Command(BaseCommand):
    help = _("Publie les données ouvertes sur la page /donnees/.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help=_("dit ce qui paraîtrait, sans publier"))
        folder_help = _("écrit aussi les fichiers dans ce dossier")
        parser.add_argument("--out", type=Path, metavar=_("DOSSIER"), help=folder_help)
        push_help = _("envoie aussi les fichiers : hf:compte/jeu s3:seau/dossier")
        parser.add_argument("--push", nargs="+", default=[], metavar=_("CIBLE"), help=push_help)

    def handle(self, *args: Any, dry_run: bool, out: Path | None, push: list[str], **options: Any) -> None:
        now = timezone.now()
        try:
            for target in push:
                parse_target(target)
            if dry_run:
                self._report(rehearse(now))
                self.stdout.write(_("Rien n’a été publié."))
                return
            manifest, has_changed = publish(now, out, push)
        except InvalidTarget as error:
            message = _("Une cible s’écrit hf:compte/jeu ou s3:seau/dossier, pas « %(error)s ».")
            raise CommandError(message % {"error": error}) from error
        except PushFailed as error:
            message = _("Publié ici, mais pas envoyé. %(error)s")
            raise CommandError(message % {"error": error}) from error
        except (NotOurFolder, OSError) as error:
            message = _("Rien n’a été publié : ce dossier ne convient pas. %(error)s")
            raise CommandError(message % {"error": error}) from error
        self._report(manifest)
        self.stdout.write(_("Publié.") if has_changed else _("Rien n’a changé depuis la dernière fois."))

    def _report(self, manifest: dict[str, Any]) -> None:
        for file in manifest["files"]:
            if file["rows"] is not None and file["name"].endswith(".parquet"):
                self.stdout.write(f"{file['name']}  {file['rows']}")
        for month in manifest["months_held_back"]:
            self.stdout.write(_("%(month)s attend : trop peu de personnes.") % {"month": month})
        held_back = manifest["duels_whose_texts_are_held_back"]
        if held_back:
            sentence = _("Duels dont les textes semblent contenir une donnée personnelle : %(count)d")
            self.stdout.write(sentence % {"count": held_back})
