"""« Mes duels »: those of this browser's session, and no others."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from duels.models import Answer, Vote
from duels.pages.history import DUELS_PER_PAGE
from models_registry.models import LanguageModel
from tests import cast

pytestmark = pytest.mark.django_db

MODELS = ("Petit-3B", "Grand-70B")


@pytest.fixture
def two(db: None) -> tuple[LanguageModel, LanguageModel]:
    return cast.petit_3b(), cast.grand_70b()


def page_of(client: Client, path: str = "/duels/") -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def prompts(page: str) -> list[str]:
    return re.findall(r'<a class="mine-prompt" href="/duels/[\w-]+/">(.*?)</a>', page)


def test_a_new_visitor_has_none(client: Client) -> None:
    assert "Aucun duel pour l’instant." in page_of(client)


def test_only_the_duels_of_this_session_are_listed(
    client: Client, two: tuple[LanguageModel, LanguageModel]
) -> None:
    stranger = Client()
    cast.make_duel(*two, prompt="À moi", visitor=cast.visitor_in(client))
    cast.make_duel(*two, prompt="À un autre", visitor=cast.visitor_in(stranger))
    assert prompts(page_of(client)) == ["À moi"]
    assert prompts(page_of(stranger)) == ["À un autre"]
    assert prompts(page_of(Client())) == []


def test_the_newest_stands_first_and_twenty_on_a_page(
    client: Client, two: tuple[LanguageModel, LanguageModel]
) -> None:
    visitor = cast.visitor_in(client)
    for number in range(DUELS_PER_PAGE + 2):
        cast.make_duel(*two, prompt=f"Question {number}", visitor=visitor)
    first, second = page_of(client), page_of(client, "/duels/?page=2")
    assert prompts(first) == [f"Question {number}" for number in range(DUELS_PER_PAGE + 1, 1, -1)]
    assert prompts(second) == ["Question 1", "Question 0"]
    assert "Page 1 sur 2" in first


@pytest.mark.parametrize("page", ["0", "-1", "x", "999", "\u0663", "1" * 400, "%00"])
def test_a_page_that_does_not_exist_shows_one_that_does(
    client: Client, two: tuple[LanguageModel, LanguageModel], page: str
) -> None:
    cast.make_duel(*two, prompt="À moi", visitor=cast.visitor_in(client))
    assert prompts(page_of(client, f"/duels/?page={page}")) == ["À moi"]


def test_a_line_says_where_the_duel_is_and_names_the_models_only_after_the_vote(
    client: Client, two: tuple[LanguageModel, LanguageModel]
) -> None:
    duel = cast.make_duel(*two, visitor=cast.visitor_in(client), state=Answer.State.STREAMING)
    assert "en cours" in page_of(client)
    Answer.objects.update(state=Answer.State.DONE)
    before = page_of(client)
    assert "à vous de voter" in before
    assert not any(name in before for name in MODELS)
    cast.vote(duel, Vote.Choice.BOTH_GOOD)
    after = page_of(client)
    assert str(Vote.Choice.BOTH_GOOD.label) in after
    assert "A\u00a0: Petit-3B · B\u00a0: Grand-70B" in after


def test_a_prompt_is_shown_as_text(client: Client, two: tuple[LanguageModel, LanguageModel]) -> None:
    cast.make_duel(*two, prompt="<script>alert(1)</script>", visitor=cast.visitor_in(client))
    page = page_of(client)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert(1)" not in page


def test_the_queries_do_not_grow_with_the_duels(
    client: Client, two: tuple[LanguageModel, LanguageModel]
) -> None:
    visitor = cast.visitor_in(client)
    counts = []
    for how_many in (2, 10):
        for _ in range(how_many):
            cast.vote(cast.make_duel(*two, visitor=visitor))
        with CaptureQueriesContext(connection) as queries:
            page_of(client)
        counts.append(len(queries))
    assert counts[0] == counts[1]
