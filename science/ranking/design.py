"""The model matrix of matches, never written out: a row is +1 at first, -1 at second, then the covariates."""

from dataclasses import dataclass

import numpy as np

from science.ranking.bradley_terry import laplacian
from science.ranking.logistic import Floats
from science.ranking.voter_counts import Integers, totals


@dataclass(frozen=True)
class Design:
    """m rows of matches and n + k parameters: n strengths, then the k effects of the covariates.

    first, second: shape (m,), indexes of models. covariates: shape (m, k).
    """

    n_models: int
    first: Integers
    second: Integers
    covariates: Floats

    @property
    def size(self) -> int:
        """The number of parameters, n + k."""
        return self.n_models + int(self.covariates.shape[1])

    def rows(self, chosen: Integers) -> "Design":
        """The design of the chosen rows."""
        return Design(self.n_models, self.first[chosen], self.second[chosen], self.covariates[chosen])

    def log_odds(self, parameters: Floats) -> Floats:
        """Shape (m,): the matrix times the parameters: the log-odds that first is preferred."""
        strengths, effects = parameters[: self.n_models], parameters[self.n_models :]
        return np.asarray(strengths[self.first] - strengths[self.second] + self.covariates @ effects)

    def summed(self, amounts: Floats) -> Floats:
        """Shape (n + k,): the transposed matrix times amounts of shape (m,)."""
        return np.concatenate([self._by_model(amounts), self.covariates.T @ amounts])

    def summed_by_voter(self, voter: Integers, amounts: Floats, n_voters: int) -> Floats:
        """Shape (n_voters, n + k): the same sum over the rows of each voter, numbered from zero."""
        length = n_voters * self.n_models
        won = totals(voter * self.n_models + self.first, amounts, length)
        won -= totals(voter * self.n_models + self.second, amounts, length)
        effects = [totals(voter, amounts * column, n_voters) for column in self.covariates.T]
        return np.column_stack([won.reshape(n_voters, self.n_models), *effects])

    def products(self, weights: Floats) -> Floats:
        """Shape (n + k, n + k): the transposed matrix times weights of shape (m,) times the matrix."""
        cells = totals(self.first * self.n_models + self.second, weights, self.n_models**2)
        met = cells.reshape(self.n_models, self.n_models)
        weighted = self.covariates * weights[:, None]
        crossed = np.array([self._by_model(column) for column in weighted.T]).reshape(-1, self.n_models)
        return np.block([[laplacian(met + met.T), crossed.T], [crossed, weighted.T @ self.covariates]])

    def _by_model(self, amounts: Floats) -> Floats:
        won = totals(self.first, amounts, self.n_models)
        return won - totals(self.second, amounts, self.n_models)
