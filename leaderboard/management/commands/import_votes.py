"""`manage.py import_votes FILE --source NAME`: votes of another arena, beside ours."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from leaderboard.ballots.import_votes import ImportReport, InvalidVoteFile, import_votes, read_votes
from leaderboard.ranking.publish import compute_due


class Command(BaseCommand):
    help = "Importe les votes d’une autre arène : tout ce que le registre reconnaît, ou rien."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV: conversation_pair_id,model_a,model_b,winner")
        parser.add_argument("--source", required=True, help="name of the arena, as readers will see it")
        parser.add_argument("--link", default="", help="where these votes are published")
        parser.add_argument("--licence", default="", help="the licence they are published under")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            # utf-8-sig: spreadsheets put a mark in front of the first name of column.
            with options["file"].open(encoding="utf-8-sig", newline="") as lines:
                votes = read_votes(lines)
            report = import_votes(votes, options["source"], options["link"], options["licence"])
        except (OSError, UnicodeDecodeError, InvalidVoteFile) as error:
            raise CommandError(f"Rien n’a été importé. {error}") from error
        self._tell(report)
        compute_due()

    def _tell(self, report: ImportReport) -> None:
        self.stdout.write(
            f"{report.imported} votes importés, dont {report.self_matches} d’un modèle contre lui-même, "
            f"qui ne comptent pas ; {report.known} étaient déjà là ; {report.unmatched} laissés de côté."
        )
        for name, rows in report.unmatched_names.most_common():
            self.stdout.write(f"  inconnu du registre : {name} ({rows})")
