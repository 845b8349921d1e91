"""`manage.py compute_leaderboard`: publish new snapshots now."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from leaderboard.ballots.collect import rebuild_ballots
from leaderboard.ranking.publish import compute_due


class Command(BaseCommand):
    help = _("Calcule le classement là où ce qu’il montre a changé.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--force", action="store_true", help=_("même si aucun vote n’a changé"))
        parser.add_argument(
            "--again", action="store_true", help=_("relit tous les duels : une règle a changé")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["again"]:
            rebuild_ballots()
        published = compute_due(force=options["force"])
        for snapshot in published:
            values = {"scope": snapshot.scope, "votes": snapshot.n_votes, "models": snapshot.rows.count()}
            self.stdout.write(_("%(scope)s : %(votes)s votes, %(models)s modèles.") % values)
        if not published:
            self.stdout.write(_("Rien de nouveau depuis le dernier classement."))
