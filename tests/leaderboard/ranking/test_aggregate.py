"""Votes summed by the database: the same sums by voter, by block, and by either way of reading."""

import numpy as np
import pytest
from django.db.models import Count, F, Value

from leaderboard.models import OWN_SCOPE, WHOLE_SCOPE, Ballot, Exclusion, VoteSource
from leaderboard.ranking import aggregate, bulk_read
from leaderboard.ranking.aggregate import count_pairs, styled_votes
from tests.leaderboard.sample_ballots import (
    BOTH_BAD,
    FIRST,
    SECOND,
    TIE,
    add_ballots,
    an_arena_with_votes,
    three_models,
)

pytestmark = pytest.mark.django_db


def test_scores_are_wins_and_half_of_the_ties() -> None:
    small, large, mixed = three_models()
    add_ballots(small, large, {FIRST: 5, SECOND: 3, TIE: 2, BOTH_BAD: 1})
    add_ballots(large, mixed, {FIRST: 4})
    counts = count_pairs(OWN_SCOPE)
    assert counts is not None
    assert counts.model_ids.tolist() == [small.pk, large.pk, mixed.pk]
    assert counts.votes.scores().tolist() == [[0, 6.5, 0], [4.5, 0, 4], [0, 0, 0]]
    assert counts.votes_by_model().tolist() == [11, 15, 4]
    assert [column.sum() for column in (counts.first_wins, counts.second_wins, counts.both_bad)] == [9, 3, 1]


def test_blocks_of_voters_change_no_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    an_arena_with_votes()
    by_voter = count_pairs(OWN_SCOPE)
    monkeypatch.setattr(aggregate, "MAX_ROWS_BY_VOTER", 10)
    by_block = count_pairs(OWN_SCOPE)
    assert by_voter is not None and by_block is not None
    assert (by_voter.votes.scores() == by_block.votes.scores()).all()
    assert len(by_voter.votes.voter) == 900
    assert by_block.votes.voter.max() < aggregate.VOTER_BLOCKS
    assert len(by_block.votes.voter) < 900


def test_what_is_excluded_is_not_summed() -> None:
    small, large, _ = three_models()
    for reason in (Exclusion.SELF_NAMED, Exclusion.NOT_BLIND, Exclusion.OVER_LIMIT):
        add_ballots(small, large, {FIRST: 2}, excluded_reason=reason)
    assert count_pairs(OWN_SCOPE) is None


def test_scopes_are_ours_one_arena_or_all() -> None:
    small, large, _ = three_models()
    arena = VoteSource.objects.create(slug="arene", name="Arène")
    add_ballots(small, large, {FIRST: 2})
    add_ballots(small, large, {SECOND: 3}, source=arena)
    summed = {scope: count_pairs(scope) for scope in (OWN_SCOPE, "arene", WHOLE_SCOPE)}
    assert [counts and counts.votes.matches.sum() for counts in summed.values()] == [2, 3, 5]


def test_copy_and_cursor_read_the_same_rows() -> None:
    an_arena_with_votes()
    query = Ballot.objects.values_list(F("voter") % 256, "first_id", "second_id")
    query = query.annotate(Count("pk")).order_by(F("voter") % 256, "first_id", "second_id")
    copied = bulk_read.copy_rows(query, 4)
    assert copied.shape == (len(query), 4)
    assert (copied == bulk_read.fetch_rows(query, 4)).all()


def test_numbers_of_60_bits_negative_numbers_and_quoted_parameters_are_read() -> None:
    small, large, _ = three_models()
    add_ballots(small, large, {FIRST: 2, SECOND: 1}, excluded_reason="l'an 100 %s")
    Ballot.objects.filter(outcome=FIRST).update(voter=2**60 - 1)
    query = Ballot.objects.filter(outcome=FIRST, excluded_reason="l'an 100 %s")
    numbers = query.values_list("voter", Value(-1), "first_id").order_by()
    expected = [[2**60 - 1, -1, small.pk]] * 2
    assert bulk_read.read_int_columns(numbers).T.tolist() == expected
    assert bulk_read.fetch_rows(numbers, 3).tolist() == expected


def test_no_row_gives_no_column() -> None:
    assert bulk_read.read_int_columns(Ballot.objects.values_list("pk", "voter")).shape == (0, 0)


def test_style_is_read_vote_by_vote_where_the_texts_are_known() -> None:
    small, large, _ = three_models()
    add_ballots(small, large, {FIRST: 1}, length_difference=0.25, markdown_difference=-1.0)
    add_ballots(small, large, {SECOND: 1})
    Ballot.objects.update(first_on_a=False)
    counts = count_pairs(OWN_SCOPE)
    assert counts is not None
    styled = styled_votes(OWN_SCOPE, counts.model_ids)
    assert styled is not None
    assert styled.covariates.tolist() == [[0.25, -1.0, -1.0]]
    assert styled.votes.score.tolist() == [1.0]
    assert np.array_equal(styled.votes.first, [0])


def test_without_texts_there_is_no_style() -> None:
    small, large, _ = three_models()
    add_ballots(small, large, {FIRST: 1})
    assert styled_votes(OWN_SCOPE, np.array([small.pk, large.pk])) is None
