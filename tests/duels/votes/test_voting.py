"""The vote: blind, once, after both sides have ended; and the reactions, which can be undone."""

from functools import partial
from html import unescape

import pytest
from django.test import Client

from duels.lifecycle import InvalidState, add_turn, retry_side
from duels.models import Answer, Duel, Reaction, Vote, VoteComment
from duels.queries import load_own_duel
from duels.votes import voting
from duels.votes.vote_counting import Voter
from duels.votes.voting import cast_vote
from models_registry.models import LanguageModel
from tests import cast
from tests.duels.test_lifecycle import as_stored, at_once
from tests.markup import flat

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast_of_two(db: None) -> tuple[LanguageModel, LanguageModel]:
    return cast.petit_3b(), cast.grand_70b()


@pytest.fixture
def duel(client: Client, cast_of_two: tuple[LanguageModel, LanguageModel]) -> Duel:
    """A finished duel of this client, ready for the vote."""
    return cast.make_duel(*cast_of_two, visitor=cast.visitor_in(client))


def vote_url(duel: Duel) -> str:
    return f"{duel.get_absolute_url()}vote/"


@pytest.mark.parametrize("state", [Answer.State.WAITING, Answer.State.STREAMING])
@pytest.mark.parametrize("side", ["a", "b"])
def test_no_vote_before_both_sides_have_ended(client: Client, duel: Duel, side: str, state: str) -> None:
    Answer.objects.filter(side=side).update(state=state)
    response = client.post(vote_url(duel), {"choice": "a"})
    assert response.status_code == 409
    assert not Vote.objects.exists()
    assert client.get(f"{duel.get_absolute_url()}reveal.json").status_code == 403


def test_no_vote_where_there_is_nothing_to_read(duel: Duel) -> None:
    Answer.objects.update(state=Answer.State.FAILED, failure=Answer.Failure.SILENT, text="")
    with pytest.raises(InvalidState):
        cast_vote(duel, "a")


def test_one_failed_side_does_not_forbid_the_vote(client: Client, duel: Duel) -> None:
    Answer.objects.filter(side="b").update(
        state=Answer.State.FAILED,
        failure=Answer.Failure.CUT,
        text="",
        shape={},
        energy_method="",
        tokens_out=0,
    )
    response = client.post(vote_url(duel), {"choice": "a"}, follow=True)
    assert response.status_code == 200
    assert "Grand-70B" in response.content.decode()


@pytest.mark.parametrize("choice", Vote.Choice.values)
def test_every_choice_is_stored_and_shown_in_words(client: Client, duel: Duel, choice: str) -> None:
    page = client.post(vote_url(duel), {"choice": choice}, follow=True).content.decode()
    assert Vote.objects.get().choice == choice
    assert str(Vote.Choice(choice).label) in page


@pytest.mark.parametrize("choice", ["", "c", "A", "both", "a" * 5_000, "a\x00"])
@pytest.mark.parametrize("by_htmx", [False, True])
def test_another_choice_is_refused_and_the_comment_shown_again(
    client: Client, duel: Duel, choice: str, by_htmx: bool
) -> None:
    sent = {"choice": choice, "comment_a": "Plus <claire> & juste", "reasons_b": ["false"]}
    response = client.post(vote_url(duel), sent, headers={"HX-Request": "true"} if by_htmx else {})
    page = flat(response.content.decode())
    assert response.status_code == 422
    assert "Plus <claire> & juste" in unescape(page)
    assert "<claire>" not in page
    assert 'value="false" id="id_reasons_b_false" checked' in page
    assert not Vote.objects.exists()


def test_reasons_and_comments_are_stored_per_side(client: Client, duel: Duel) -> None:
    sent = {"choice": "a", "reasons_a": ["clear", "useful"], "comment_b": "Trop longue."}
    client.post(vote_url(duel), sent)
    stored = {comment.side: (comment.reasons, comment.comment) for comment in VoteComment.objects.all()}
    assert stored == {"a": (["clear", "useful"], ""), "b": ([], "Trop longue.")}


def test_a_vote_without_a_word_leaves_no_comment(client: Client, duel: Duel) -> None:
    client.post(vote_url(duel), {"choice": "both_good"})
    assert not VoteComment.objects.exists()


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"comment_a": "x" * 2_001}, "Ce texte a 2\u00a0001 caractères"),
        ({"reasons_a": ["belle"]}, ""),
        ({"comment_b": "a\x00b"}, "Ce texte contient un caractère nul"),
    ],
)
def test_a_comment_that_cannot_be_taken_is_refused_before_anything_is_stored(
    client: Client, duel: Duel, sent: dict[str, object], sentence: str
) -> None:
    response = client.post(vote_url(duel), {"choice": "a", **sent})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Vote.objects.exists()


def test_a_second_vote_gives_the_same_reveal_and_changes_nothing(client: Client, duel: Duel) -> None:
    client.post(vote_url(duel), {"choice": "a", "comment_a": "La première."})
    document = client.get(f"{duel.get_absolute_url()}reveal.json").json()
    response = client.post(vote_url(duel), {"choice": "b", "comment_a": "La seconde."})
    assert response.status_code == 303
    assert response["Location"] == f"{duel.get_absolute_url()}#reveal"
    assert client.get(f"{duel.get_absolute_url()}reveal.json").json() == document
    assert (Vote.objects.get().choice, VoteComment.objects.get().comment) == ("a", "La première.")


@pytest.mark.parametrize("by_htmx", [False, True])
def test_even_a_wrong_second_vote_gives_the_reveal(client: Client, duel: Duel, by_htmx: bool) -> None:
    cast.vote(duel)
    headers = {"HX-Request": "true"} if by_htmx else {}
    response = client.post(vote_url(duel), {"choice": "?"}, headers=headers, follow=True)
    assert response.status_code == 200
    assert "Petit-3B" in response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_votes_at_the_same_moment_are_one(duel: Duel) -> None:
    read = {choice: as_stored(duel) for choice in Vote.Choice.values}

    def cast_one(choice: str) -> Vote:
        return cast_vote(read[choice], choice, [VoteComment(side="a", comment=choice)])

    given = at_once(*[partial(cast_one, choice) for choice in read])
    stored = Vote.objects.get()
    assert [vote.choice for vote in given if isinstance(vote, Vote)] == [stored.choice] * 4
    assert VoteComment.objects.get().comment == stored.choice


def as_a_page_read_it(duel: Duel) -> Duel:
    """With its turns, its answers and no vote, whatever becomes of it."""
    read = load_own_duel(duel.visitor, duel.code)
    assert read is not None
    return read


@pytest.mark.django_db(transaction=True)
def test_a_vote_and_a_question_at_the_same_moment_are_one_or_the_other(
    cast_of_two: tuple[LanguageModel, LanguageModel],
) -> None:
    for _ in range(5):
        duel = cast.make_duel(*cast_of_two)
        voting, asking = as_a_page_read_it(duel), as_a_page_read_it(duel)
        given = at_once(partial(cast_vote, voting, "a"), partial(add_turn, asking, "Et ensuite ?"))
        assert sorted(isinstance(result, InvalidState) for result in given) == [False, True]
        assert Vote.objects.filter(duel=duel).count() + duel.turns.count() == 2


def test_a_tab_that_has_not_seen_the_vote_adds_no_turn_and_starts_no_side(duel: Duel) -> None:
    Answer.objects.filter(side="b").update(state=Answer.State.FAILED, failure=Answer.Failure.CUT)
    behind = as_a_page_read_it(duel)
    cast_vote(duel, "a")
    acts = (
        partial(add_turn, behind, "Et ensuite ?"),
        partial(retry_side, behind, "b"),
    )
    for act in acts:
        with pytest.raises(InvalidState):
            act()
    assert duel.turns.count() == 1
    assert Answer.objects.get(side="b").state == Answer.State.FAILED


def test_a_tab_that_has_not_seen_the_next_question_tries_no_side_of_the_last_one(
    duel: Duel, cast_of_two: tuple[LanguageModel, LanguageModel]
) -> None:
    Answer.objects.filter(side="b").update(state=Answer.State.FAILED, failure=Answer.Failure.CUT)
    behind = as_a_page_read_it(duel)
    cast.add_turn(duel, *cast_of_two)
    with pytest.raises(InvalidState):
        retry_side(behind, "b")


def test_nothing_is_done_to_a_duel_that_was_deleted_meanwhile(duel: Duel) -> None:
    behind = as_a_page_read_it(duel)
    Duel.objects.all().delete()
    for act in (
        partial(cast_vote, behind, "a"),
        partial(add_turn, behind, "?"),
        partial(retry_side, behind, "a"),
    ):
        with pytest.raises(InvalidState):
            act()


def react(client: Client, duel: Duel, side: str, **sent: object) -> int:
    url = f"{duel.get_absolute_url()}turns/1/{side}/reaction/"
    return client.post(url, sent).status_code


def test_a_reaction_is_stored_changed_and_undone(client: Client, duel: Duel) -> None:
    assert react(client, duel, "a", liking="like", reasons=["useful"]) == 303
    assert react(client, duel, "b", liking="dislike") == 303
    assert react(client, duel, "a", liking="dislike", reasons=["false", "off_topic"]) == 303
    stored = {row.answer.side: (row.liking, row.reasons) for row in Reaction.objects.select_related("answer")}
    assert stored == {"a": ("dislike", ["false", "off_topic"]), "b": ("dislike", [])}
    assert react(client, duel, "a", liking="none") == 303
    assert react(client, duel, "a", liking="none") == 303
    assert [row.answer.side for row in Reaction.objects.all()] == ["b"]


def test_reasons_of_the_other_kind_are_dropped(client: Client, duel: Duel) -> None:
    react(client, duel, "a", liking="like", reasons=["clear", "false", "superficial"])
    react(client, duel, "b", liking="dislike", reasons=["useful", "off_topic"])
    assert {row.answer.side: row.reasons for row in Reaction.objects.all()} == {
        "a": ["clear"],
        "b": ["off_topic"],
    }


@pytest.mark.parametrize("sent", [{}, {"liking": "love"}, {"liking": "like", "reasons": ["belle"]}])
def test_a_reaction_that_does_not_exist_is_refused(
    client: Client, duel: Duel, sent: dict[str, object]
) -> None:
    assert react(client, duel, "a", **sent) == 422
    assert not Reaction.objects.exists()


def test_an_answer_that_is_not_finished_has_no_reaction(client: Client, duel: Duel) -> None:
    Answer.objects.filter(side="a").update(state=Answer.State.STREAMING)
    assert react(client, duel, "a", liking="like") == 404


def test_the_reaction_stands_on_the_page_with_its_reasons(client: Client, duel: Duel) -> None:
    react(client, duel, "a", liking="like", reasons=["clear"])
    page = flat(client.get(duel.get_absolute_url()).content.decode())
    assert page.count('aria-pressed="true"') == 1
    for word in ("utile", "complète", "créative", "claire"):
        assert word in page
    assert 'value="clear" checked' in page


def test_the_machine_receives_what_the_page_shows(client: Client, duel: Duel) -> None:
    refused = client.get(f"{duel.get_absolute_url()}reveal.json")
    assert refused.status_code == 403
    assert set(refused.json()) == {"error"}
    client.post(vote_url(duel), {"choice": "b"})
    document = client.get(f"{duel.get_absolute_url()}reveal.json").json()
    page = client.get(duel.get_absolute_url()).content.decode()
    assert (document["duel"], document["vote"]) == (duel.code, "b")
    for side in document["sides"].values():
        assert side["name"] in page
        assert side["organisation"] in page
        assert str(side["tokens_out"]) in page
        middle = f"{side['energy_wh']['mid']:.2g}".replace(".", ",")
        assert middle in page


def test_a_duel_deleted_while_its_vote_is_checked_is_no_error(
    duel: Duel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def delete_meanwhile(*_: object, **__: object) -> str:
        Duel.objects.all().delete()
        return Vote.Uncounted.TOO_FAST

    monkeypatch.setattr(voting, "uncounted_reason", delete_meanwhile)
    cast_vote(duel, Vote.Choice.A, voter=Voter(duel.visitor, "address"))
    assert not Vote.objects.exists()
