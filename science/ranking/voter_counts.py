"""Votes by voter and pair of models: the input of all computations of this package."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from science.ranking.logistic import Floats

Integers = npt.NDArray[np.int64]


class InvalidCounts(ValueError):
    """Impossible rows: a wrong shape or type, an unknown model, a self-match or a wrong score."""


@dataclass(frozen=True)
class VoterCounts:
    """One row for each voter and pair of models met: five columns of shape (m,), for n_models in all.

    voter: any whole number for a voter, or for a block of voters. Blocks keep the cost independent of the
    number of votes: with 256 of them (the first two hexadecimal digits of a voter's hash), 50 models
    give at most 256 * 1225 rows, whatever the votes. Blocks are independent as voters are, so the intervals
    stay right; 256 of them know a standard error to 1 / sqrt(2 * 256) = 4 %. While rows are few, below some
    100,000, use the voters themselves.
    first, second: the indexes of the two models, from 0 to n_models - 1. A pair may come in both orders, and
    rows may repeat a voter and a pair: only sums matter.
    score: wins of first over second plus half of their ties. matches: the number of votes, above zero.
    """

    n_models: int
    voter: Integers
    first: Integers
    second: Integers
    score: Floats
    matches: Floats

    def __post_init__(self) -> None:
        """Raise InvalidCounts unless the columns have one length and type, and every row is possible."""
        shapes = {column.shape for column in (self.voter, self.first, self.second, self.score, self.matches)}
        if len(shapes) != 1 or self.voter.ndim != 1:
            raise InvalidCounts("the five columns have one dimension and one length")
        # Narrower numbers would overflow where pairs are numbered.
        if any(column.dtype != np.int64 for column in (self.voter, self.first, self.second)):
            raise InvalidCounts("voter, first and second are int64")
        if not (_known(self.first, self.n_models) and _known(self.second, self.n_models)):
            raise InvalidCounts(f"models are numbered from 0 to {self.n_models - 1}")
        if (self.first == self.second).any():
            raise InvalidCounts("a model does not meet itself")
        # Written so that a NaN fails too.
        if not ((self.matches > 0) & (self.score >= 0) & (self.score <= self.matches)).all():
            raise InvalidCounts("a score lies between zero and the number of matches, above zero")
        if not np.isfinite(self.matches).all():
            raise InvalidCounts("the number of matches is finite")

    def scores(self) -> Floats:
        """Shape (n, n), as for `bradley_terry.fit`: the wins of row over column plus half of their ties."""
        won = totals(self.first * self.n_models + self.second, self.score, self.n_models**2)
        lost = totals(self.second * self.n_models + self.first, self.matches - self.score, self.n_models**2)
        return np.asarray((won + lost).reshape(self.n_models, self.n_models))

    def in_blocks(self, n_blocks: int) -> "VoterCounts":
        """The same votes with voters in so many blocks, one row for each block and pair met.

        The order of a pair is lost. A database gives the same when it groups by block and pair.
        """
        low, high = np.minimum(self.first, self.second), np.maximum(self.first, self.second)
        keys = (self.voter % n_blocks * self.n_models + low) * self.n_models + high
        distinct, row = np.unique(keys, return_inverse=True)
        won_by_low = np.where(self.first == low, self.score, self.matches - self.score)
        return VoterCounts(
            n_models=self.n_models,
            voter=distinct // self.n_models**2,
            first=distinct // self.n_models % self.n_models,
            second=distinct % self.n_models,
            score=totals(row, won_by_low, len(distinct)),
            matches=totals(row, self.matches, len(distinct)),
        )


def totals(cells: Integers, amounts: Floats, n_cells: int) -> Floats:
    """Shape (n_cells,): the sum of the amounts that fall in each cell, numbered from zero."""
    return np.asarray(np.bincount(cells, amounts, minlength=n_cells), dtype=np.float64)


def _known(models: Integers, n_models: int) -> bool:
    return bool(((models >= 0) & (models < n_models)).all())
