"""The curators' group: its members may edit the registry, and of other packages what these hand them."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.models import Group, Permission
from django.db.models import Q

GROUP = "Curateurs"


def grant_permissions(sender: AppConfig, using: str, **_: Any) -> None:
    """Give the group the permissions on the tables of `sender`; runs after each `migrate`.

    Those on a table whose rows are computed or cast, not curated, are taken away again: the application
    lists its tables in `not_for_curators`, in lower case.
    Not a data migration: Django creates the permissions of a table only once all migrations are done.
    """
    group, _created = Group.objects.using(using).get_or_create(name=GROUP)
    permissions = Permission.objects.using(using).filter(content_type__app_label=sender.label)
    refused = Q(content_type__model__in=getattr(sender, "not_for_curators", ()))
    group.permissions.add(*permissions.exclude(refused))
    group.permissions.remove(*permissions.filter(refused))
