"""Curators set votes aside with a public reason, and let them count again."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from leaderboard.models import Ballot, SetAside, Snapshot, VoteSource
from leaderboard.ranking.publish import compute_due
from models_registry import permissions
from tests.caches import clear_caches
from tests.leaderboard.sample_ballots import FIRST, SECOND, add_ballots, an_arena_with_votes

pytestmark = pytest.mark.django_db

ADD, LIST = "/admin/leaderboard/setaside/add/", "/admin/leaderboard/setaside/"
REASON = "Huit cents votes en quarante secondes : un programme."


@pytest.fixture
def curator(client: Client) -> Client:
    """A member of the curators' group, with no other right."""
    permissions.grant_permissions(apps.get_app_config("leaderboard"), using="default")
    user = User.objects.create_user("curatrice", is_staff=True)
    user.groups.add(Group.objects.get(name=permissions.GROUP))
    client.force_login(user)
    return client


@pytest.fixture
def attacked() -> list[Ballot]:
    """An arena of 740 counted votes, and fifty more of one voter within an hour."""
    small, large, _ = an_arena_with_votes()
    now = timezone.now()
    Ballot.objects.update(cast_at=now - timedelta(days=3))
    stuffed = add_ballots(small, large, {FIRST: 50}, cast_at=now - timedelta(hours=2))
    Ballot.objects.filter(pk__in=stuffed).update(voter=4242)
    compute_due()
    return list(Ballot.objects.filter(pk__in=stuffed).order_by("pk"))


def set_aside(curator: Client, **fields: Any) -> None:
    response = curator.post(ADD, {"reason_fr": REASON, "reason_en": "A program.", **fields}, follow=True)
    assert response.redirect_chain, response.context["adminform"].form.errors


def counted() -> int:
    return Snapshot.objects.all()[0].n_votes


def as_fields(name: str, moment: Any) -> dict[str, str]:
    local = timezone.localtime(moment)
    return {f"{name}_0": f"{local:%d/%m/%Y}", f"{name}_1": f"{local:%H:%M:%S}"}


def test_the_votes_of_one_person_are_set_aside_and_counted_again(
    curator: Client, attacked: list[Ballot]
) -> None:
    assert "voter=4242" in curator.get(ADD).content.decode()  # the most active voter
    before = counted()
    set_aside(curator, voter=4242)
    assert counted() == before - 50
    clear_caches()
    page = curator.get("/classement/").content.decode()
    assert REASON in page and "50\u00a0votes" in page.replace("50 votes", "50\u00a0votes")
    assert "d’une seule personne" in page and "4242" not in page
    assert curator.get("/classement/classement.json").json()["set_aside"][0]["votes"] == 50
    curator.post(LIST, {"action": "lift", "_selected_action": [SetAside.objects.get().pk]})
    assert counted() == before
    clear_caches()
    assert REASON not in curator.get("/classement/").content.decode()
    assert SetAside.objects.get().lifted_at


def test_a_period_is_set_aside_and_so_are_votes_that_come_into_it(
    curator: Client, attacked: list[Ballot]
) -> None:
    now, before = timezone.now(), counted()
    set_aside(
        curator,
        **as_fields("since", now - timedelta(hours=3)),
        **as_fields("until", now + timedelta(hours=1)),
    )
    assert counted() == before - 50
    first, second = attacked[0].first, attacked[0].second
    add_ballots(first, second, {SECOND: 5}, cast_at=now)
    compute_due()
    assert counted() == before - 50
    assert Snapshot.objects.all()[0].excluded["set_aside"] == 55
    assert Snapshot.objects.all()[0].set_asides[0]["reason_en"] == "A program."


def test_an_imported_arena_is_set_aside(curator: Client, attacked: list[Ballot]) -> None:
    source = VoteSource.objects.create(slug="ailleurs", name="Ailleurs")
    add_ballots(attacked[0].first, attacked[0].second, {FIRST: 30}, source=source)
    compute_due(force=True)
    set_aside(curator, source=source.pk)
    newest = {snapshot.scope: snapshot for snapshot in reversed(Snapshot.objects.all())}
    assert newest["ensemble"].n_votes == newest["conso-duel"].n_votes
    assert Ballot.objects.exclude(set_aside=None).count() == 30


def test_what_would_set_aside_everything_or_nothing_is_refused(curator: Client) -> None:
    response = curator.post(ADD, {"reason_fr": REASON})
    assert "une période, une arène ou une personne" in response.content.decode()
    now = timezone.now()
    period = as_fields("since", now) | as_fields("until", now - timedelta(days=1))
    assert "La fin précède le début" in curator.post(ADD, {"reason_fr": REASON, **period}).content.decode()
    assert "obligatoire" in curator.post(ADD, {"voter": 4242}).content.decode()
    assert not SetAside.objects.exists()


def test_nobody_deletes_a_set_aside_and_visitors_reach_none(curator: Client, attacked: list[Ballot]) -> None:
    set_aside(curator, voter=4242)
    address = f"{LIST}{SetAside.objects.get().pk}/"
    assert curator.post(f"{address}delete/", {"post": "yes"}).status_code == 403
    assert Client().get(ADD).status_code == 302
    assert "voter" not in curator.get(f"{address}change/").context["adminform"].form.fields
