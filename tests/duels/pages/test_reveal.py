"""The guess before the vote and the second vote after it: one click each, stored apart."""

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


def place(client: Client, duel: Duel, headers: dict[str, str] | None = None, **fields: object):
    return client.post(reverse("duels:guess", args=[duel.code]), fields, **(headers or {}))


def choose(client: Client, duel: Duel, choice: str, query: str = "", **headers: str):
    return client.post(reverse("duels:second_vote", args=[duel.code]) + query, {"choice": choice}, **headers)


def part(page: str, name: str) -> str:
    """The element of that id as the page has it, without what differs from one answer to the next."""
    found = re.search(rf'<(section|form) class="[\w -]+" id="{name}".*?</\1>', flat(page))
    assert found
    return re.sub(r'value="\w{64}"', "", found.group())


def test_a_guess_is_one_click_and_a_new_one_replaces_it(client: Client, duel: Duel) -> None:
    response = place(client, duel, side="a", factor=10)
    assert (response.status_code, response["Location"]) == (303, f"{duel.get_absolute_url()}#guess")
    place(client, duel, side="b", factor=2)
    assert [(guess.side, guess.factor) for guess in Guess.objects.all()] == [("b", 2)]
    assert "Vous pariez sur B, 2 fois plus." in page_of(client, duel)


def test_a_guess_on_as_much_has_no_side(client: Client, duel: Duel) -> None:
    place(client, duel, factor=1)
    place(client, duel, side="a", factor=1)
    assert [(guess.side, guess.factor) for guess in Guess.objects.all()] == [("", 1)]


@pytest.mark.parametrize(
    "fields", [{"factor": 10}, {"side": "a"}, {"side": "a", "factor": 3}, {"side": "c", "factor": 2}]
)
def test_a_guess_not_on_offer_is_refused(client: Client, duel: Duel, fields: dict[str, object]) -> None:
    assert place(client, duel, **fields).status_code == 422
    assert not Guess.objects.exists()


def test_the_part_equals_the_page(client: Client, duel: Duel) -> None:
    sent = place(client, duel, HTMX, side="a", factor=50).content.decode()
    assert part(sent, "guess") == part(client.get(duel.get_absolute_url()).content.decode(), "guess")


def test_after_the_vote_no_guess_is_taken(client: Client, duel: Duel) -> None:
    cast.vote(duel)
    assert place(client, duel, side="a", factor=2).status_code == 303
    assert place(client, duel, HTMX, side="a", factor=2)["HX-Refresh"] == "true"
    assert not Guess.objects.exists()


def test_no_guess_is_taken_while_an_answer_is_written(
    client: Client, pair: tuple[LanguageModel, LanguageModel]
) -> None:
    duel = cast.make_duel(*pair, state=Answer.State.STREAMING, visitor=cast.visitor_in(client))
    place(client, duel, side="a", factor=2)
    assert not Guess.objects.exists()


def test_the_guess_form_is_the_same_whoever_plays(
    client: Client, pair: tuple[LanguageModel, LanguageModel]
) -> None:
    visitor = cast.visitor_in(client)
    duels = [played(*pair, visitor=visitor), played(cast.secret(), cast.melange_117b(), visitor=visitor)]
    forms = {part(page_of(client, duel), "guess").replace(duel.code, "") for duel in duels}
    assert len(forms) == 1


def test_nobody_guesses_or_votes_on_the_duel_of_another(
    client: Client, pair: tuple[LanguageModel, LanguageModel]
) -> None:
    duel = played(*pair)
    assert place(client, duel, side="a", factor=2).status_code == 404
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
