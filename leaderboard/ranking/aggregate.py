"""Sum votes in the database: the cost of the ranking then follows the pairs of models, not the votes."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from django.db.models import Case, Count, Expression, F, IntegerField, Q, Value, When
from django.db.models.functions import Cast, Round

from leaderboard.models import Ballot
from leaderboard.ranking.bulk_read import Integers, read_int_columns
from science.ranking.voter_counts import VoterCounts

# Votes are grouped by voter up to this many votes, by block of voters beyond, which bounds the rows.
MAX_ROWS_BY_VOTER = 100_000
VOTER_BLOCKS = 256
PERMILLE = 1_000  # differences of style are read as integers, like all other columns

# Votes by outcome; those that remain are ties.
OUTCOME_COUNTS = {
    outcome.name.lower(): Count("pk", filter=Q(outcome=outcome))
    for outcome in (Ballot.Outcome.FIRST, Ballot.Outcome.SECOND, Ballot.Outcome.BOTH_BAD)
}
DOUBLE_SCORE = Case(
    When(outcome=Ballot.Outcome.FIRST, then=Value(2)),
    When(outcome=Ballot.Outcome.SECOND, then=Value(0)),
    default=Value(1),
)
SIDE = Case(When(first_on_a=True, then=Value(1)), default=Value(-1))


@dataclass(frozen=True)
class PairCounts:
    """Counted votes by voter, or block of voters, and pair: columns of shape (m,).

    model_ids: shape (n,), the keys of the models that the other columns number from 0 to n - 1.
    """

    model_ids: Integers
    votes: VoterCounts
    first_wins: Integers
    second_wins: Integers
    both_bad: Integers

    def votes_by_model(self) -> Integers:
        """Shape (n,): the number of counted votes of each model."""
        ends = np.concatenate([self.votes.first, self.votes.second])
        matches = np.concatenate([self.votes.matches, self.votes.matches])
        return np.bincount(ends, matches, minlength=len(self.model_ids)).astype(np.int64)


@dataclass(frozen=True)
class StyledVotes:
    """Counted votes one by one, with their covariates of style, shape (m, 3), as for `contextual.fit`."""

    votes: VoterCounts
    covariates: npt.NDArray[np.float64]


def count_pairs(scope: str) -> PairCounts | None:
    """Sum the counted votes of a scope; None when there is none."""
    counted = Ballot.objects.in_scope(scope).counted()
    by_block = counted[MAX_ROWS_BY_VOTER:].exists()
    group = F("voter") % VOTER_BLOCKS if by_block else F("voter")
    summed = counted.values_list(group, "first_id", "second_id").order_by()
    columns = read_int_columns(summed.annotate(matches=Count("*"), **OUTCOME_COUNTS))
    return _pair_counts(columns) if columns.size else None


def _pair_counts(columns: Integers) -> PairCounts:
    group, first, second, matches, first_wins, second_wins, both_bad = columns
    model_ids = np.unique(np.concatenate([first, second]))
    votes = VoterCounts(
        n_models=len(model_ids),
        voter=group,
        first=np.searchsorted(model_ids, first),
        second=np.searchsorted(model_ids, second),
        score=(matches + first_wins - second_wins) / 2,
        matches=matches.astype(np.float64),
    )
    return PairCounts(model_ids, votes, first_wins, second_wins, both_bad)


def styled_votes(scope: str, model_ids: Integers) -> StyledVotes | None:
    """Read the counted votes of a scope whose texts are known; None when there is none.

    model_ids: the numbering of the models, as in PairCounts.
    """
    known = Ballot.objects.in_scope(scope).counted().exclude(length_difference=None)
    columns = read_int_columns(
        known.values_list(
            F("voter") % VOTER_BLOCKS,
            "first_id",
            "second_id",
            DOUBLE_SCORE,
            SIDE,
            _permille("length_difference"),
            _permille("markdown_difference"),
        )
    )
    if not columns.size:
        return None
    block, first, second, doubled, side_a, length, markdown = columns
    votes = VoterCounts(
        n_models=len(model_ids),
        voter=block,
        first=np.searchsorted(model_ids, first),
        second=np.searchsorted(model_ids, second),
        score=doubled / 2,
        matches=np.ones(len(first)),
    )
    return StyledVotes(votes, np.column_stack([length / PERMILLE, markdown / PERMILLE, side_a]))


def _permille(column: str) -> Expression:
    return Cast(Round(F(column) * PERMILLE), IntegerField())
