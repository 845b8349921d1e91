"""HEAD, which link checkers and monitors send: each page answers as it answers GET, without its body."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from duels.models import Duel
from duels.sharing import links
from leaderboard.ranking.publish import compute_due
from tests import cast
from tests.leaderboard.sample_ballots import an_arena_with_votes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

WITHOUT_ARGUMENTS = (
    "about", "privacy", "accessibility", "ecodesign", "legal", "health", "models:catalogue",
    "learn:index", "learn:size", "learn:tokens", "learn:architecture", "learn:simulator",
    "learn:simulator_json", "learn:method", "learn:quiz", "learn:glossary", "learn:errors", "learn:training",
    "learn:own_question",
    "leaderboard:board", "leaderboard:csv", "leaderboard:json",
    "duels:home", "duels:duels", "duels:delete_all", "duels:download",
    "open_data:index", "recordings:schema", "recordings:index",
    "api:docs", "api:v1",
    "workshops:short", "workshops:entrance", "workshops:join", "workshops:guide", "workshops:cards",
)  # fmt: skip
OF_A_DUEL = ("duel", "delete", "next_step", "printable", "reveal_json")
FORMS = ("add_turn", "stop", "retry", "vote", "second_vote", "share", "texts_in_open_data")
OF_A_WORKSHOP = (
    "short_code", "open", "participant", "ballot", "heads", "propose", "reading", "answer_stream",
    "answer_events", "screen", "console", "command", "take_over", "revoke", "end", "editor", "download",
    "debrief", "debrief_pack", "debrief_csv", "debrief_json", "stream", "state",
)  # fmt: skip
# Tried below or elsewhere: what takes more than a code, what needs a token, and Django's own.
OTHERS = {
    "duels:stream", "duels:events", "duels:react", "duels:result", "duels:card", "models:model",
    "leaderboard:model", "leaderboard:duels",
    "duels:device_key", "duels:bring", "open_data:file", "api:v1_any", "metrics", "set_language", "site-logo",
    "login-code", "second-factor",
    "recordings:record", "recordings:recording", "recordings:of_duel", "recordings:daily",
    "recordings:offline",
    *(f"workshops:{name}" for name in OF_A_WORKSHOP),
}  # fmt: skip


@pytest.fixture
def duel(client: Client) -> Duel:
    duel = cast.make_duel(cast.petit_3b(), cast.grand_70b(), visitor=cast.visitor_in(client))
    cast.vote(duel)
    return duel


def names(resolver: Any, namespace: str = "") -> Iterator[str]:
    """Every named address of the site but the admin's."""
    for pattern in resolver.url_patterns:
        if not hasattr(pattern, "url_patterns"):
            yield f"{namespace}{pattern.name}"
        elif pattern.app_name != "admin":
            yield from names(pattern, f"{pattern.namespace}:" if pattern.namespace else namespace)


def test_no_address_is_forgotten_here() -> None:
    of_a_duel = {f"duels:{name}" for name in (*OF_A_DUEL, *FORMS)}
    assert set(names(get_resolver())) - {"None"} == {*WITHOUT_ARGUMENTS, *of_a_duel, *OTHERS}


def head(client: Client, path: str) -> None:
    response, read = client.head(path), client.get(path, follow=True)
    if response.status_code == 302:  # the quiz, which draws its questions into its address
        response = client.head(response["Location"])
    assert (response.status_code, response.content) == (200, b""), path
    assert response["Content-Type"] == read["Content-Type"]


@pytest.mark.parametrize("name", OF_A_DUEL)
def test_each_page_of_a_duel_answers(client: Client, duel: Duel, name: str) -> None:
    head(client, reverse(f"duels:{name}", args=[duel.code]))


def test_a_shared_result_its_card_and_the_sheet_of_a_model_answer(client: Client, duel: Duel) -> None:
    result = links.url_for(links.create_link(duel, with_text=True))
    for path in (result, f"{result.rstrip('/')}/fr.png", reverse("models:model", args=["petit-3b"])):
        head(client, path)


@pytest.mark.slow
def test_every_other_page_answers(client: Client) -> None:
    an_arena_with_votes()
    compute_due()
    for name in WITHOUT_ARGUMENTS:
        head(client, reverse(name))


@pytest.mark.parametrize("name", FORMS)
def test_the_address_of_a_form_leads_to_a_page_that_answers(client: Client, duel: Duel, name: str) -> None:
    response = client.head(reverse(f"duels:{name}", args=[duel.code]), follow=True)
    assert response.redirect_chain == [(duel.get_absolute_url(), 302)]
    assert response.status_code == 200


def test_a_stream_is_not_begun_for_who_will_not_read_it(client: Client, duel: Duel) -> None:
    response = client.head(reverse("duels:stream", args=[duel.code, 1]), follow=True)
    assert response.redirect_chain == [(duel.get_absolute_url(), 302)]
