"""`manage.py compute_leaderboard`: new snapshots, now."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from leaderboard.ballots.collect import rebuild_ballots
from leaderboard.ranking.publish import compute_due


class Command(BaseCommand):
    help = "Calcule le classement là où ce qu’il montre a changé."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--force", action="store_true", help="even where no vote has changed")
        parser.add_argument("--again", action="store_true", help="read every duel again: a rule has changed")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["again"]:
            rebuild_ballots()
        published = compute_due(force=options["force"])
        for snapshot in published:
            models = snapshot.rows.count()
            self.stdout.write(f"{snapshot.scope} : {snapshot.n_votes} votes, {models} modèles.")
        if not published:
            self.stdout.write("Rien de nouveau depuis le dernier classement.")
