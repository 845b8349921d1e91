"""Application configuration: signals of the leaderboard."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class LeaderboardConfig(AppConfig):
    name = "leaderboard"
    verbose_name = _("Classement")
    # Votes are cast and snapshots computed: whoever could edit them would decide the ranking.
    not_for_curators = ("ballot", "snapshot", "row")

    def ready(self) -> None:
        from duels.deletion import before_deletion
        from leaderboard.ballots.anonymise import anonymise_ballots
        from models_registry import permissions

        before_deletion.connect(anonymise_ballots)
        post_migrate.connect(permissions.grant_permissions, sender=self)
