"""The ballot of a duel, and which duels do not count."""

import pytest

from duels.models import Answer, Duel, Reaction, Vote
from leaderboard.ballots.ballot import MARKDOWN_MARKS, build_ballot, choice_from_reactions, outcome_for
from leaderboard.models import Ballot, Exclusion
from tests import cast

pytestmark = pytest.mark.django_db

FIRST, SECOND, TIE, BOTH_BAD = (
    Ballot.Outcome.FIRST,
    Ballot.Outcome.SECOND,
    Ballot.Outcome.TIE,
    Ballot.Outcome.BOTH_BAD,
)


def as_stored(duel: Duel) -> Duel:
    return Duel.objects.get(pk=duel.pk)


@pytest.mark.parametrize(
    ("choice", "on_a", "on_b"),
    [
        (Vote.Choice.A, FIRST, SECOND),
        (Vote.Choice.B, SECOND, FIRST),
        (Vote.Choice.BOTH_GOOD, TIE, TIE),
        (Vote.Choice.BOTH_BAD, BOTH_BAD, BOTH_BAD),
    ],
)
def test_a_vote_says_the_same_of_a_pair_on_whichever_side_it_stood(
    choice: Vote.Choice, on_a: Ballot.Outcome, on_b: Ballot.Outcome
) -> None:
    assert outcome_for(choice, first_on_a=True) == on_a
    assert outcome_for(choice, first_on_a=False) == on_b


def test_a_vote_becomes_one_ballot_with_the_pair_in_order() -> None:
    petit, grand = cast.petit_3b(), cast.grand_70b()
    duel = cast.make_duel(grand, petit)
    cast.vote(duel, Vote.Choice.A)
    ballot = build_ballot(as_stored(duel))
    assert (ballot.first, ballot.second, ballot.first_on_a) == (petit, grand, False)
    assert (ballot.outcome, ballot.excluded_reason, ballot.from_reactions) == (SECOND, "", False)
    assert ballot.voter == int("1f" * 7 + "1", 16)


@pytest.mark.parametrize(
    ("a", "b", "choice"),
    [
        (1, 0, Vote.Choice.A),
        (-1, 1, Vote.Choice.B),
        (0, 0, Vote.Choice.BOTH_GOOD),
        (2, 2, Vote.Choice.BOTH_GOOD),
        (-1, -1, Vote.Choice.BOTH_BAD),
        (-2, -1, Vote.Choice.B),
    ],
)
def test_reactions_say_what_their_net_says(a: int, b: int, choice: Vote.Choice) -> None:
    assert choice_from_reactions(a, b) == choice


def test_without_a_vote_the_reactions_are_the_result() -> None:
    duel = cast.make_duel(cast.petit_3b(), cast.grand_70b())
    liked, disliked = Answer.objects.order_by("side")
    Reaction.objects.create(answer=liked, liking=Reaction.Liking.LIKE)
    Reaction.objects.create(answer=disliked, liking=Reaction.Liking.DISLIKE)
    ballot = build_ballot(as_stored(duel))
    assert (ballot.outcome, ballot.from_reactions) == (FIRST, True)


def test_the_vote_goes_before_reactions() -> None:
    duel = cast.make_duel(cast.petit_3b(), cast.grand_70b())
    Reaction.objects.create(answer=Answer.objects.get(side="a"), liking=Reaction.Liking.LIKE)
    cast.vote(duel, Vote.Choice.B)
    assert build_ballot(as_stored(duel)).outcome == SECOND


def test_models_that_were_chosen_do_not_count() -> None:
    duel = cast.make_duel(cast.petit_3b(), cast.grand_70b())
    cast.vote(duel)
    Duel.objects.update(mode=Duel.Mode.CHOSEN)
    assert build_ballot(as_stored(duel)).excluded_reason == Exclusion.NOT_BLIND
    for mode in Duel.BLIND_MODES:
        Duel.objects.update(mode=mode)
        assert build_ballot(as_stored(duel)).excluded_reason == ""


def test_a_model_against_itself_does_not_count() -> None:
    petit = cast.petit_3b()
    duel = cast.make_duel(petit, petit)
    cast.vote(duel)
    assert build_ballot(as_stored(duel)).excluded_reason == Exclusion.SELF_MATCH


@pytest.mark.parametrize("missing", [{"text": ""}, {"state": Answer.State.FAILED}])
def test_a_model_is_not_blamed_for_an_answer_that_never_came(missing: dict[str, str]) -> None:
    duel = cast.make_duel(cast.petit_3b(), cast.grand_70b())
    Answer.objects.filter(side="b").update(**missing)
    cast.vote(duel)
    assert build_ballot(as_stored(duel)).excluded_reason == Exclusion.INCOMPLETE


@pytest.mark.parametrize(
    ("truncation", "excluded_reason"),
    [("filtered", Exclusion.INCOMPLETE), ("unknown", Exclusion.INCOMPLETE), ("length", ""), ("too_long", "")],
)
def test_what_a_provider_ended_does_not_count_and_a_limit_of_length_does(
    truncation: str, excluded_reason: str
) -> None:
    duel = cast.make_duel(cast.petit_3b(), cast.grand_70b())
    Answer.objects.filter(side="b").update(truncation=truncation)
    cast.vote(duel)
    assert build_ballot(as_stored(duel)).excluded_reason == excluded_reason


def test_an_answer_that_says_its_name_excludes_the_duel_in_any_turn_and_in_its_reasoning() -> None:
    petit, grand = cast.petit_3b(), cast.grand_70b()
    duel = cast.make_duel(petit, grand)
    cast.add_turn(duel, petit, grand, texts=("Je suis Petit-3B, voyons.", "Certainement."))
    cast.vote(duel)
    assert build_ballot(as_stored(duel)).excluded_reason == Exclusion.SELF_NAMED
    Answer.objects.filter(text__startswith="Je suis").update(text="Voyons.")
    assert build_ballot(as_stored(duel)).excluded_reason == ""
    Answer.objects.filter(text="Certainement.").update(reasoning="I was developed by Ateliers Hautemer.")
    assert build_ballot(as_stored(duel)).excluded_reason == Exclusion.SELF_NAMED


def test_length_and_markdown_are_compared_in_the_order_of_the_pair() -> None:
    petit, grand = cast.petit_3b(), cast.grand_70b()
    duel = cast.make_duel(grand, petit, texts=("# Titre\n\n- un\n- **deux**\n", "Un mot."))
    Answer.objects.filter(side="a").update(tokens_out=30)
    Answer.objects.filter(side="b").update(tokens_out=10)
    cast.vote(duel)
    ballot = build_ballot(as_stored(duel))
    assert ballot.length_difference == pytest.approx((10 - 30) / 40)
    assert ballot.markdown_difference == -1.0


def test_marks_are_headings_list_items_and_bold_passages() -> None:
    text = "# Un\n## Deux\n- a\n* b\n1. c\n  2) d\n**gras** et __gras__, mais 3 * 4 * 5, a_b_c et #mot"
    assert len(MARKDOWN_MARKS.findall(text)) == 8
