"""A curator, as the group makes them."""

from typing import TYPE_CHECKING

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

if TYPE_CHECKING:
    from django.contrib.auth.models import User

PASSWORD = "cure-dent-7-bleu"


@pytest.fixture(autouse=True)
def keys_for_this_machine(settings: Settings) -> None:
    """As an operator allows them: the keys of these tests may go to the servers of these tests."""
    names = ("CLE_DE_PETIT", "CLE_D_ESSAI", "CLE_ABSENTE", "CLE_QUE_PERSONNE_NE_DONNE")
    settings.MODEL_KEYS = {(name, host) for name in names for host in ("127.0.0.1", "petit.example")}


@pytest.fixture
def curator(db: None) -> "User":
    """A member of « Curateurs » with no other right; the group is remade where tables were emptied."""
    from django.apps import apps
    from django.contrib.auth.models import Group, User

    from models_registry import permissions

    permissions.grant_permissions(apps.get_app_config("models_registry"), using="default")
    user = User.objects.create_user("camille", password=PASSWORD, is_staff=True)
    user.groups.add(Group.objects.get(name=permissions.GROUP))
    return user


@pytest.fixture
def curator_client(client: Client, curator: "User") -> Client:
    client.force_login(curator)
    return client
