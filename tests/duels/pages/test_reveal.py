"""The bet sent with the vote, and the second vote after it, stored apart."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from duels.models import Answer, Duel, Guess, SecondVote, Vote
from models_registry.models import LanguageModel
from tests import cast
from tests.duels.reveal.stage import page_of, played, revealed_duel
from tests.markup import flat

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def pair() -> tuple[LanguageModel, LanguageModel]:
    return cast.grand_70b(), cast.petit_3b()


@pytest.fixture
def duel(client: Client, pair: tuple[LanguageModel, LanguageModel]) -> Duel:
    """A duel of this client's visitor that waits for its vote."""
    return played(*pair, visitor=cast.visitor_in(client))


def vote(client: Client, duel: Duel, **bet: str):
    return client.post(reverse("duels:vote", args=[duel.code]), {"choice": "a", **bet})


def choose(client: Client, duel: Duel, choice: str, query: str = "", **headers: str):
    return client.post(reverse("duels:second_vote", args=[duel.code]) + query, {"choice": choice}, **headers)


def part(page: str, name: str) -> str:
    """The element of that id as the page has it, without what differs from one answer to the next."""
    found = re.search(rf'<(section|form) class="[\w -]+" id="{name}".*?</\1>', flat(page))
    assert found
    return re.sub(r'value="\w{64}"', "", found.group())


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ({}, []),
        ({"factor": "10"}, []),
        ({"bet": "a"}, [("a", 0)]),
        ({"bet": "b", "factor": "1000"}, [("b", 1000)]),
        ({"bet": "as_much", "factor": "10"}, [("", 1)]),
    ],
)
def test_a_bet_goes_with_the_vote_or_not_at_all(
    client: Client, duel: Duel, sent: dict[str, str], stored: list[tuple[str, int]]
) -> None:
    assert vote(client, duel, **sent).status_code == 303
    assert [(guess.side, guess.factor) for guess in Guess.objects.all()] == stored
    vote(client, duel, bet="b", factor="2")  # from a second tab
    assert [(guess.side, guess.factor) for guess in Guess.objects.all()] == stored


@pytest.mark.parametrize("sent", [{"bet": "c"}, {"bet": "a", "factor": "3"}, {"bet": "a", "factor": "x"}])
def test_a_bet_not_on_offer_is_refused_with_its_vote(
    client: Client, duel: Duel, sent: dict[str, str]
) -> None:
    assert vote(client, duel, **sent).status_code == 422
    assert not Guess.objects.exists() and not Vote.objects.exists()


@pytest.mark.parametrize(("language", "most"), [("fr", "× 1\u00a0000"), ("en", "× 1,000")])
def test_the_factors_of_a_bet_are_written_as_the_reader_writes_numbers(
    client: Client, duel: Duel, language: str, most: str
) -> None:
    page = client.get(duel.get_absolute_url(), headers={"Accept-Language": language}).content.decode()
    assert f"<span>{most}</span>" in page


def test_no_bet_is_stored_where_no_vote_is(client: Client, pair: tuple[LanguageModel, LanguageModel]) -> None:
    duel = cast.make_duel(*pair, state=Answer.State.STREAMING, visitor=cast.visitor_in(client))
    assert vote(client, duel, bet="a").status_code == 409
    assert vote(Client(), duel, bet="a").status_code == 404
    assert not Guess.objects.exists()


def test_the_form_of_the_vote_and_its_bet_is_the_same_whoever_plays(
    client: Client, pair: tuple[LanguageModel, LanguageModel]
) -> None:
    visitor = cast.visitor_in(client)
    duels = [played(*pair, visitor=visitor), played(cast.secret(), cast.melange_117b(), visitor=visitor)]
    forms = {part(page_of(client, duel), "vote").replace(duel.code, "") for duel in duels}
    assert len(forms) == 1
    assert 'name="bet"' in forms.pop()


def test_nobody_votes_again_on_the_duel_of_another(
    client: Client, pair: tuple[LanguageModel, LanguageModel]
) -> None:
    duel = played(*pair)
    cast.vote(duel)
    assert choose(client, duel, "a").status_code == 404


def test_a_side_is_stored_exactly_when_one_took_more(duel: Duel) -> None:
    for side, factor in (("", 2), ("a", 1)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Guess.objects.create(duel=duel, side=side, factor=factor)


def test_the_second_vote_stands_apart_and_the_blind_one_stays(
    client: Client, pair: tuple[LanguageModel, LanguageModel]
) -> None:
    duel = revealed_duel(client, *pair)
    response = choose(client, duel, "a", "?method=ecologits-0.11.3")
    assert response.status_code == 303
    assert response["Location"] == f"{duel.get_absolute_url()}?method=ecologits-0.11.3#second-vote"
    choose(client, duel, "either")
    assert [second.choice for second in SecondVote.objects.all()] == ["either"]
    assert Vote.objects.get().choice == "b"
    assert "votre vote à l’aveugle reste «\u00a0B est meilleure\u00a0»" in page_of(client, duel)


def test_the_part_of_the_second_vote_equals_the_page(
    client: Client, pair: tuple[LanguageModel, LanguageModel]
) -> None:
    duel, query = revealed_duel(client, *pair), "?method=ecologits-0.11.3"
    sent = choose(client, duel, "b", query, **HTMX).content.decode()
    page = client.get(duel.get_absolute_url() + query).content.decode()
    assert part(sent, "second-vote") == part(page, "second-vote")


def test_before_the_vote_there_is_no_second_one(client: Client, duel: Duel) -> None:
    assert choose(client, duel, "a").status_code == 303
    assert choose(client, duel, "a", **HTMX)["HX-Refresh"] == "true"
    assert not SecondVote.objects.exists()
    assert "second-vote" not in page_of(client, duel).replace("reveal.css", "")


def test_a_choice_that_is_not_on_offer_is_refused(
    client: Client, pair: tuple[LanguageModel, LanguageModel]
) -> None:
    assert choose(client, revealed_duel(client, *pair), "both").status_code == 422
