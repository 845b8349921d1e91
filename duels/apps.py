"""Application configuration: of its tables, curators may edit those of words alone."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class DuelsConfig(AppConfig):
    name = "duels"
    verbose_name = "Duels"
    # What visitors write and choose is theirs.
    not_for_curators = (
        "duel", "turn", "answer", "reaction", "vote", "votecomment", "guess", "secondvote", "share",
        "votecount",
    )  # fmt: skip

    def ready(self) -> None:
        from models_registry import permissions

        post_migrate.connect(permissions.grant_permissions, sender=self)
