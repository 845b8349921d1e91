"""Reasons for a vote: offered as curators write them, in each language; what was given stays."""

from html import escape
from importlib import import_module

import pytest
from django.test import Client
from django.utils.translation import override
from pytest_django.fixtures import DjangoAssertNumQueries, Settings

from duels.models import Duel, Reaction, VoteComment, VoteReason
from duels.votes.vote_reasons import vote_reasons
from tests import cast
from tests.markup import flat

SEED: list[tuple[str, bool, str, str]] = import_module("duels.migrations.0025_vote_reasons").REASONS
HOSTILE = "<script>alert(1)</script>"

pytestmark = pytest.mark.django_db


@pytest.fixture
def duel(client: Client) -> Duel:
    """A finished duel of this client, ready for the vote."""
    return cast.make_duel(cast.petit_3b(), cast.grand_70b(), visitor=cast.visitor_in(client))


def read(client: Client, duel: Duel, language: str = "fr") -> str:
    response = client.get(duel.get_absolute_url(), headers={"Accept-Language": language})
    return flat(response.content.decode())


def react(client: Client, duel: Duel, **sent: object) -> int:
    return client.post(f"{duel.get_absolute_url()}turns/1/a/reaction/", sent).status_code


def vote(client: Client, duel: Duel, **sent: object) -> int:
    return client.post(f"{duel.get_absolute_url()}vote/", {"choice": "a", **sent}).status_code


def test_a_new_site_begins_with_these_in_both_languages() -> None:
    seeded = [(one.code, one.is_positive, one.label_fr, one.label_en) for one in vote_reasons()]
    assert seeded == SEED
    codes_and_french = [(code, french) for code, _positive, french, _english in SEED]
    assert vote_reasons().choices() == codes_and_french
    with override("en"):
        assert vote_reasons().choices(is_positive=False) == [
            ("false", "wrong"), ("superficial", "superficial"), ("off_topic", "off-topic"),
        ]  # fmt: skip


def test_what_a_curator_writes_is_offered_in_its_languages_and_as_text(client: Client, duel: Duel) -> None:
    VoteReason.objects.create(code="sourced", is_positive=True, label_fr=HOSTILE, label_en="sourced", order=0)
    VoteReason.objects.create(code="vague", is_positive=False, label_fr="vague à souhait")
    french, english = read(client, duel), read(client, duel, "en")
    assert french.count(escape(HOSTILE)) == 2 and HOSTILE not in french
    assert french.index('id="id_reasons_a_sourced"') < french.index('id="id_reasons_a_useful"')
    assert english.count(">sourced</label>") == 2 and "vague" in french and "vague" not in english
    react(client, duel, liking="like")
    assert read(client, duel).count(escape(HOSTILE)) == 3
    assert 'id="reason-sourced-1-a"' in read(client, duel)


def test_a_disabled_reason_is_offered_no_more_on_pages_that_were_cached(client: Client, duel: Duel) -> None:
    assert read(client, duel).count(">claire</label>") == 2
    VoteReason.objects.filter(code="clear").update(is_enabled=False)
    assert ">claire</label>" not in read(client, duel)


def test_a_page_that_was_open_when_a_curator_disabled_a_reason_still_sends_it(
    client: Client, duel: Duel
) -> None:
    VoteReason.objects.filter(code__in=["clear", "false"]).update(is_enabled=False)
    assert react(client, duel, liking="like", reasons=["clear"]) == 303
    assert Reaction.objects.get().reasons == ["clear"]
    refused = client.post(f"{duel.get_absolute_url()}vote/", {"choice": "?", "reasons_b": ["false"]})
    assert 'value="false" id="id_reasons_b_false" checked' in flat(refused.content.decode())
    assert vote(client, duel, reasons_b=["false"]) == 303
    assert VoteComment.objects.get().reasons == ["false"]


def test_a_reason_that_was_given_stays_ticked_though_it_is_disabled(client: Client, duel: Duel) -> None:
    react(client, duel, liking="like", reasons=["clear"])
    VoteReason.objects.filter(code="clear").update(is_enabled=False, label_en="")
    assert 'value="clear" checked>claire</label>' in read(client, duel)
    assert 'value="clear" checked>claire</label>' in read(client, duel, "en"), "the only label it has"
    react(client, duel, liking="like", reasons=["useful"])
    assert 'value="clear"' not in read(client, duel)


def test_without_any_reason_no_legend_stands_alone(client: Client, duel: Duel) -> None:
    VoteReason.objects.filter(is_positive=True).update(is_enabled=False)
    react(client, duel, liking="like")
    assert "Je la trouve…" not in read(client, duel)
    react(client, duel, liking="dislike")
    assert "Je la trouve…" in read(client, duel) and "La réponse A est…" in read(client, duel)
    VoteReason.objects.update(is_enabled=False)
    page = read(client, duel)
    assert "Je la trouve…" not in page and "La réponse A est…" not in page and "chip-check" not in page
    assert "Un commentaire sur la réponse A" in page
    assert vote(client, duel, comment_a="Nette.") == 303


def test_reasons_are_read_once_in_a_while(
    settings: Settings, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    settings.CANDIDATES_TTL_SECONDS = 60
    vote_reasons.clear()
    with django_assert_num_queries(1):
        vote_reasons()
        assert vote_reasons().codes == {code for code, *_ in SEED}
