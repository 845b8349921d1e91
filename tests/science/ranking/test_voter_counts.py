from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from science.ranking.voter_counts import InvalidCounts, VoterCounts

Column = Sequence[float]


def counts(
    voter: Column = (7, 7, 8, 8),
    first: Column = (0, 1, 1, 2),
    second: Column = (1, 0, 2, 0),
    score: Column = (2, 0.5, 0, 1),
    matches: Column = (3, 1, 2, 1),
) -> VoterCounts:
    """Voters 7 and 8 on three models."""
    return VoterCounts(
        n_models=3,
        voter=np.array(voter, dtype=np.int64),
        first=np.array(first, dtype=np.int64),
        second=np.array(second, dtype=np.int64),
        score=np.array(score, dtype=np.float64),
        matches=np.array(matches, dtype=np.float64),
    )


def test_scores_are_summed_over_voters_whatever_the_order_of_a_pair() -> None:
    assert counts().scores().tolist() == [[0, 2.5, 0], [1.5, 0, 0], [1, 2, 0]]


def test_blocks_keep_every_vote_in_one_row_for_each_pair() -> None:
    blocks = counts().in_blocks(2)
    assert blocks.scores().tolist() == counts().scores().tolist()
    rows = zip(blocks.voter, blocks.first, blocks.second, blocks.score, blocks.matches, strict=True)
    assert [tuple(map(float, row)) for row in rows] == [(0, 0, 2, 0, 1), (0, 1, 2, 0, 2), (1, 0, 1, 2.5, 4)]


def test_no_vote_at_all_gives_no_score() -> None:
    empty = counts(voter=[], first=[], second=[], score=[], matches=[])
    assert not empty.scores().any()


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"voter": [7]}, id="columns of two lengths"),
        pytest.param({"first": [1, 1, 1, 2]}, id="a self-match"),
        pytest.param({"first": [-1, 1, 1, 2]}, id="a model before the first"),
        pytest.param({"second": [3, 0, 2, 0]}, id="a model after the last"),
        pytest.param({"score": [-1, 0.5, 0, 1]}, id="a negative score"),
        pytest.param({"score": [4, 0.5, 0, 1]}, id="more wins than matches"),
        pytest.param({"score": [float("nan"), 0.5, 0, 1]}, id="a score that is not a number"),
        pytest.param({"score": [0, 0.5, 0, 1], "matches": [0, 1, 2, 1]}, id="a row without a match"),
        pytest.param({"matches": [float("inf"), 1, 2, 1]}, id="endless matches"),
    ],
)
def test_rows_that_no_votes_give_are_refused(changed: dict[str, Column]) -> None:
    with pytest.raises(InvalidCounts):
        counts(**changed)


def test_columns_too_narrow_to_number_pairs_are_refused() -> None:
    with pytest.raises(InvalidCounts):
        replace(counts(), first=np.array([0, 1, 1, 2], dtype=np.int16))
