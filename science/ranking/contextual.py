"""Strengths at equal style: a Bradley-Terry fit with covariates.

Each row has the differences between its two answers (length, Markdown, side). The fit estimates the effect of
each difference, and the strengths of the models without it.
Source: Agresti 2002, "Categorical Data Analysis", section 10.6 (home advantage); for style, Li, Angelopoulos
and Chiang 2024, "Does style matter?", https://lmsys.org/blog/2024-08-28-style-control/.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from science.ranking.bradley_terry import checked
from science.ranking.covariance import assembled, voter_products
from science.ranking.design import Design
from science.ranking.logistic import Floats, outcome_variance, win_probability
from science.ranking.newton import newton_maximize
from science.ranking.voter_counts import VoterCounts
from science.ranking.zero_mean import anchored, centred, inverted, recentred

# A covariate whose information falls below this share once the others are accounted for is rounding error.
DEPENDENCE_TOLERANCE = 1e-9


class InvalidCovariates(ValueError):
    """Covariates that are not finite, or not one row for each row of votes."""


class Undetermined(ValueError):
    """The effect of some covariates is not identifiable: they never vary, or repeat others or the models.

    covariates: their indexes.
    """

    def __init__(self, covariates: Sequence[int]) -> None:
        self.covariates = tuple(covariates)
        super().__init__(f"the votes do not determine the effect of covariates {self.covariates}")


@dataclass(frozen=True)
class ContextualFit:
    """strengths: shape (n,), natural logs, zero mean on the models asked for, at covariates of zero.

    effects: shape (k,), change of the log-odds for one unit of each covariate.
    covariance: shape (n + k, n + k), strengths first, votes of one voter going together.
    """

    strengths: Floats
    effects: Floats
    covariance: Floats

    @property
    def strengths_covariance(self) -> Floats:
        """Shape (n, n), as from `covariance.clustered`."""
        return self.covariance[: len(self.strengths), : len(self.strengths)]


def fit(
    votes: VoterCounts,
    covariates: npt.ArrayLike,
    prior: float = 1.0,
    centre_on: Sequence[int] | None = None,
) -> ContextualFit:
    """Strengths at covariates of zero, with the effect of each covariate and the covariance of both.

    covariates: shape (m, k), one row for each row of votes: what first has more than second. Rows of votes
    may be summed where voter, models and covariates are the same. prior, centre_on: as for
    `bradley_terry.fit` and `covariance.clustered`; effects have no prior.
    Raises InvalidCovariates, Undetermined, NotConverged, TooFewVoters, and Disconnected when prior is 0.
    """
    n_models = votes.n_models
    design = Design(n_models, votes.first, votes.second, _checked_covariates(covariates, len(votes.voter)))
    checked(votes.scores(), prior)
    start = np.zeros(design.size)
    _require_determined(_information(design, votes, start, prior), n_models)
    parameters = _maximum(design, votes, start, prior)
    surprise = votes.score - votes.matches * win_probability(design.log_odds(parameters))
    meat = voter_products(votes.voter, design, surprise)
    strengths, effects = parameters[:n_models], parameters[n_models:]
    covariance = assembled(_information(design, votes, parameters, prior), meat, strengths, prior, centre_on)
    return ContextualFit(centred(strengths, centre_on), effects, covariance)


def _maximum(design: Design, votes: VoterCounts, start: Floats, prior: float) -> Floats:
    """The parameters, shape (n + k,), at the top of the likelihood times the prior."""

    def slope(parameters: Floats) -> tuple[Floats, Floats]:
        curvature = _information(design, votes, parameters, prior)
        return _gradient(design, votes, parameters, prior), anchored(curvature, design.n_models)

    def step_size(step: Floats) -> float:
        # The virtual matches of the prior move by the strength alone.
        moved = np.abs(design.log_odds(step)).max(initial=0.0)
        return float(max(moved, np.abs(step[: design.n_models]).max()))

    return newton_maximize(slope, start, step_size)


def _gradient(design: Design, votes: VoterCounts, parameters: Floats, prior: float) -> Floats:
    n_models = design.n_models
    surprise = votes.score - votes.matches * win_probability(design.log_odds(parameters))
    gradient = design.summed(surprise)
    pulled = gradient[:n_models] - prior * (win_probability(parameters[:n_models]) - 0.5)
    gradient[:n_models] = centred(pulled)
    return gradient


def _information(design: Design, votes: VoterCounts, parameters: Floats, prior: float) -> Floats:
    """Fisher's information, shape (n + k, n + k), on strengths of zero mean."""
    n_models = design.n_models
    whole = design.products(votes.matches * outcome_variance(design.log_odds(parameters)))
    whole[:n_models, :n_models] += prior * np.diag(outcome_variance(parameters[:n_models]))
    return recentred(whole, n_models)


def _checked_covariates(covariates: npt.ArrayLike, n_rows: int) -> Floats:
    """The covariates as floats; raises InvalidCovariates on a shape or a number that is not finite."""
    table = np.asarray(covariates, dtype=np.float64)
    if table.ndim != 2 or len(table) != n_rows:
        raise InvalidCovariates(f"covariates have shape {table.shape}, not ({n_rows}, k)")
    if not np.isfinite(table).all():
        raise InvalidCovariates("covariates are finite")
    return table


def _require_determined(curvature: Floats, n_models: int) -> None:
    """Raise Undetermined when the strengths and the other covariates explain some covariate entirely."""
    crossed = curvature[:n_models, n_models:]
    own = curvature[n_models:, n_models:]
    left = own - crossed.T @ inverted(curvature[:n_models, :n_models], n_models) @ crossed
    scale = np.sqrt(np.diagonal(own))
    scale = np.where(scale > 0, scale, 1.0)
    values, directions = np.linalg.eigh(left / np.outer(scale, scale))
    lost = np.abs(directions[:, values < DEPENDENCE_TOLERANCE]).max(axis=1, initial=0.0)
    if (lost > DEPENDENCE_TOLERANCE).any():
        raise Undetermined(np.flatnonzero(lost > DEPENDENCE_TOLERANCE).tolist())
