"""A duel belongs to who played it: others read it once it is shared, and never change it."""

import pytest
from django.test import Client

from duels.models import Duel, SecondVote, Vote
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def duel(client: Client) -> Duel:
    """Ended, of this client, not voted on."""
    return cast.make_duel(cast.petit_3b(), cast.grand_70b(), visitor=cast.visitor_in(client))


@pytest.fixture
def stranger() -> Client:
    """Another visitor, who plays too."""
    stranger = Client()
    cast.visitor_in(stranger)
    return stranger


def share(client: Client, duel: Duel, shared: str = "yes") -> int:
    return client.post(f"{duel.get_absolute_url()}share/", {"shared": shared}).status_code


FORMS = {
    "turns/": {"prompt": "Et encore ?"},
    "stop/": {},
    "retry/": {"side": "a"},
    "guess/": {"side": "a", "factor": "2"},
    "vote/": {"choice": "a"},
    "second-vote/": {"choice": "b"},
    "share/": {"shared": "yes"},
    "turns/1/a/reaction/": {"liking": "like"},
}


@pytest.mark.parametrize(("path", "fields"), FORMS.items(), ids=FORMS.keys())
@pytest.mark.parametrize("shared", [False, True])
def test_nobody_else_can_do_anything_to_a_duel(
    client: Client, stranger: Client, duel: Duel, path: str, fields: dict[str, str], shared: bool
) -> None:
    if shared:
        cast.vote(duel, Vote.Choice.B)
        share(client, duel)
    url = f"{duel.get_absolute_url()}{path}"
    assert stranger.post(url, fields).status_code == 404
    assert Client().post(url, fields).status_code == 404
    assert not SecondVote.objects.exists()
    assert Vote.objects.count() == shared


def test_before_the_vote_a_duel_cannot_be_shared(client: Client, stranger: Client, duel: Duel) -> None:
    assert "Partager ce duel" not in client.get(duel.get_absolute_url()).content.decode()
    assert share(client, duel) == 303
    assert stranger.get(duel.get_absolute_url()).status_code == 404


def test_a_revealed_duel_is_read_by_nobody_else_until_it_is_shared(
    client: Client, stranger: Client, duel: Duel
) -> None:
    cast.vote(duel)
    for path in ("", "foot/"):
        assert stranger.get(f"{duel.get_absolute_url()}{path}").status_code == 404
    refused = stranger.get(f"{duel.get_absolute_url()}reveal.json")
    assert (refused.status_code, set(refused.json())) == (403, {"error"})
    assert client.get(f"{duel.get_absolute_url()}reveal.json").status_code == 200


def test_a_shared_duel_is_read_as_it_is_without_a_form_to_change_it(
    client: Client, stranger: Client, duel: Duel
) -> None:
    cast.vote(duel, Vote.Choice.BOTH_BAD)
    assert share(client, duel) == 303
    page = stranger.get(duel.get_absolute_url()).content.decode()
    assert "Quelqu’un d’autre a joué ce duel" in page
    for told in (cast.PROMPT, cast.ANSWERS[0], "Petit-3B", "Grand-70B", "Aucune des deux"):
        assert told in page
    for own in ("J’aime", "Votre vote", "Sachant cela", "partager", "/stop/", "/vote/", "/reaction/"):
        assert own not in page
    own_json = client.get(f"{duel.get_absolute_url()}reveal.json").json()
    assert stranger.get(f"{duel.get_absolute_url()}reveal.json").json() == own_json


def test_who_shares_is_given_the_link_and_may_take_it_back(
    client: Client, stranger: Client, duel: Duel
) -> None:
    cast.vote(duel)
    share(client, duel)
    assert f'value="http://testserver{duel.get_absolute_url()}"' in (
        client.get(duel.get_absolute_url()).content.decode()
    )
    assert share(client, duel, shared="no") == 303
    assert stranger.get(duel.get_absolute_url()).status_code == 404
    assert "Partager ce duel" in client.get(duel.get_absolute_url()).content.decode()


def test_a_shared_duel_is_not_among_the_readers_own(client: Client, stranger: Client, duel: Duel) -> None:
    cast.vote(duel)
    share(client, duel)
    assert duel.code not in stranger.get("/duels/").content.decode()
