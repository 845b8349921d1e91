"""The curators' group: its members may edit the registry and nothing else."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.models import Group, Permission

GROUP = "Curateurs"


def grant_permissions(sender: AppConfig, using: str, **_: Any) -> None:
    """Give the group all permissions on the tables of `sender`; runs after each `migrate`.

    Not a data migration: Django creates the permissions of a table only once all migrations are done.
    """
    group, _created = Group.objects.using(using).get_or_create(name=GROUP)
    permissions = Permission.objects.using(using).filter(content_type__app_label=sender.label)
    group.permissions.add(*permissions)
