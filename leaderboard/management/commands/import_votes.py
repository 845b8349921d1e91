"""`manage.py import_votes FILE --source NAME`: import the votes of another arena."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from leaderboard.ballots.import_votes import ImportReport, import_votes
from leaderboard.ballots.vote_files import InvalidVoteFile, VoteFile, read_votes
from leaderboard.ranking.publish import compute_due


class Command(BaseCommand):
    help = _("Importe les votes d’une autre arène : tout ce que le registre reconnaît, ou rien.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV : conversation_pair_id,model_a,model_b,winner")
        parser.add_argument(
            "--source", required=True, help=_("nom de l’arène, tel que les lecteurs le verront")
        )
        parser.add_argument("--link", default="", help=_("adresse où ces votes sont publiés"))
        parser.add_argument("--licence", default="", help=_("licence sous laquelle ils sont publiés"))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            file = read_votes(options["file"])
            report = import_votes(file.votes, options["source"], options["link"], options["licence"])
        except (OSError, UnicodeDecodeError, InvalidVoteFile) as error:
            raise CommandError(_("Rien n’a été importé. %(error)s") % {"error": error}) from error
        self._print_file(file)
        self._print_report(report)
        compute_due()

    def _print_file(self, file: VoteFile) -> None:
        """Print the contents of the file besides votes, where there are any."""
        if file.unvoted or file.repeated:
            sentence = _("Laissés de côté dans le fichier : %(unvoted)s sans choix, %(repeated)s en double.")
            self.stdout.write(sentence % {"unvoted": file.unvoted, "repeated": file.repeated})

    def _print_report(self, report: ImportReport) -> None:
        sentence = _(
            "%(imported)s votes importés, dont %(self_matches)s d’un modèle contre lui-même, "
            "qui ne comptent pas ; %(known)s étaient déjà là ; %(unmatched)s laissés de côté."
        )
        self.stdout.write(
            sentence
            % {
                "imported": report.imported,
                "self_matches": report.self_matches,
                "known": report.known,
                "unmatched": report.unmatched,
            }
        )
        for name, rows in report.unmatched_names.most_common():
            self.stdout.write(_("  inconnu du registre : %(name)s (%(rows)s)") % {"name": name, "rows": rows})
