"""The curator's button."""

import re

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.test import Client

from leaderboard.models import Ballot, Snapshot, VoteSource
from models_registry import permissions
from tests.leaderboard.sample_ballots import FIRST, add_ballots, an_arena_with_votes, three_models

pytestmark = pytest.mark.django_db

BUTTON = "/admin/leaderboard/snapshot/compute/"
LIST = "/admin/leaderboard/snapshot/"


@pytest.fixture
def curator(client: Client) -> Client:
    """A member of the curators' group, with no other right."""
    permissions.grant_permissions(apps.get_app_config("leaderboard"), using="default")
    user = User.objects.create_user("curatrice", is_staff=True)
    user.groups.add(Group.objects.get(name=permissions.GROUP))
    client.force_login(user)
    return client


def test_the_button_publishes_a_snapshot_and_says_so(curator: Client) -> None:
    an_arena_with_votes()
    assert BUTTON in curator.get(LIST).content.decode()
    page = curator.post(BUTTON, follow=True).content.decode()
    assert "1 classement publié." in page
    assert Snapshot.objects.count() == 1


def test_a_snapshot_is_described_in_words_and_leads_to_its_day(curator: Client) -> None:
    an_arena_with_votes()
    curator.post(BUTTON)
    snapshot = Snapshot.objects.get()
    page = curator.get(f"{LIST}{snapshot.pk}/change/").content.decode()
    assert "un modèle préféré à l’autre\u00a0: 740" in page
    assert "modèles choisis par le votant\u00a0: 0" in page
    assert str(snapshot.pairs[0]) not in page
    leaderboard = re.search(r'href="([^"]+)" class="viewsitelink"', page)
    assert leaderboard
    assert curator.get(leaderboard.group(1), follow=True).context["snapshot"] == snapshot


def test_curators_have_no_right_on_votes_and_snapshots_even_where_they_had(curator: Client) -> None:
    group = Group.objects.get()
    tables = ("ballot", "snapshot", "row")
    group.permissions.add(*Permission.objects.filter(content_type__model__in=tables))
    permissions.grant_permissions(apps.get_app_config("leaderboard"), using="default")
    assert not group.permissions.filter(content_type__model__in=tables).exists()
    assert group.permissions.filter(content_type__model="votesource").count() == 4


def test_without_votes_the_button_says_that_too(curator: Client) -> None:
    assert "rien n’est publié" in curator.post(BUTTON, follow=True).content.decode()


def test_who_may_only_read_has_no_button(curator: Client) -> None:
    group = Group.objects.get()
    group.permissions.remove(Permission.objects.get(codename="change_votesource"))
    group.permissions.add(Permission.objects.get(codename="view_snapshot"))
    assert BUTTON not in curator.get(LIST).content.decode()
    assert curator.post(BUTTON).status_code == 403


def test_a_visitor_is_sent_to_the_login(client: Client) -> None:
    assert client.post(BUTTON).status_code == 302
    assert not Snapshot.objects.exists()


def test_a_link_that_is_followed_computes_nothing(curator: Client) -> None:
    assert curator.get(BUTTON).status_code == 405


SOURCES = "/admin/leaderboard/votesource/"


def test_an_imported_arena_is_not_deleted_by_a_click_nor_its_votes_with_it(curator: Client) -> None:
    arena = VoteSource.objects.create(slug="arene", name="Arène", link="https://arene.example", licence="CC")
    add_ballots(*three_models()[:2], {FIRST: 3}, source=arena)
    listed = curator.get(SOURCES).content.decode()
    assert "Arène" in listed and "delete_selected" not in listed
    assert "deletelink" not in curator.get(f"{SOURCES}{arena.pk}/change/").content.decode()
    assert curator.post(f"{SOURCES}{arena.pk}/delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [arena.pk], "post": "yes"}
    curator.post(SOURCES, chosen, follow=True)
    assert (VoteSource.objects.count(), Ballot.objects.count()) == (1, 3)
