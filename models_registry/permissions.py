"""The group whose members keep the registry, and nothing else."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.models import Group, Permission

GROUP = "Curateurs"


def grant_permissions(sender: AppConfig, using: str, **_: Any) -> None:
    """After each migration, the group has the rights over the tables of the registry, new ones included.

    Not a data migration: Django creates the rights of a table only once all migrations are done.
    """
    group, _created = Group.objects.using(using).get_or_create(name=GROUP)
    rights = Permission.objects.using(using).filter(content_type__app_label=sender.label)
    group.permissions.add(*rights)
