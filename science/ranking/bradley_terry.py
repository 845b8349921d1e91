"""Bradley-Terry strengths from the counts of each pair of models.

The chance that i is preferred to j is 1 / (1 + exp(-(strength of i - strength of j))).
Source: Bradley and Terry 1952, "Rank analysis of incomplete block designs", Biometrika 39.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from science.ranking.logistic import Floats, differences, outcome_variance, win_probability
from science.ranking.newton import newton_maximize
from science.ranking.zero_mean import anchored, centred, recentred

MEAN_POINTS = 1000.0  # where the average model stands
# 400 points are odds of ten to one, as in chess: https://en.wikipedia.org/wiki/Elo_rating_system
POINTS_PER_STRENGTH = 400.0 / float(np.log(10.0))


class InvalidScores(ValueError):
    """Counts that no votes can give: their shape, a negative, a number that is not finite, a self-match."""


class Disconnected(ValueError):
    """No finite strengths fit: some models never beat, or never lost to, the others, directly or in a chain.

    models: the indexes outside the largest group in which a chain of wins leads from each to each.
    """

    def __init__(self, models: Sequence[int]) -> None:
        self.models = tuple(models)
        super().__init__(f"without a prior, models {self.models} have no finite strength")


def fit(scores: npt.ArrayLike, prior: float = 1.0) -> Floats:
    """Natural-log strengths of n models, with zero mean: the top of the likelihood times the prior.

    scores: shape (n, n); scores[i, j] counts the wins of i over j plus half of their ties; diagonal of zeros.
    prior: how many virtual matches, half won and half lost, each model plays against the average one, whose
    strength is 0. With 1, a newcomer who never lost has a finite strength; 0 is the plain maximum likelihood.
    Returns shape (n,). Raises InvalidScores, NotConverged, ValueError on a negative prior, and, at prior 0,
    Disconnected (Ford 1957, "Solution of a ranking problem from binary comparisons").
    """
    counts = checked(scores, prior)

    def slope(strengths: Floats) -> tuple[Floats, Floats]:
        curvature = information(counts + counts.T, strengths, prior)
        return _gradient(counts, strengths, prior), anchored(curvature, len(counts))

    return centred(newton_maximize(slope, np.zeros(len(counts)), step_size=lambda step: float(np.ptp(step))))


def points(strengths: Floats) -> Floats:
    """Strengths as points: 1000 for the average model, 400 more for odds of ten to one; any shape."""
    return np.asarray(MEAN_POINTS + POINTS_PER_STRENGTH * strengths)


def information(matches: Floats, strengths: Floats, prior: float) -> Floats:
    """Fisher's information on strengths of zero mean, shape (n, n).

    matches: shape (n, n), symmetric: how often each pair met.
    """
    weights = matches * outcome_variance(differences(strengths))
    return recentred(laplacian(weights) + prior * np.diag(outcome_variance(strengths)), len(strengths))


def laplacian(weights: Floats) -> Floats:
    """The sum over pairs of weight * (e_i - e_j)(e_i - e_j)', from symmetric weights of shape (n, n)."""
    return np.asarray(np.diag(weights.sum(axis=1)) - weights)


def checked(scores: npt.ArrayLike, prior: float) -> Floats:
    """The scores as floats, if strengths can be fitted to them; else raises what `fit` raises."""
    counts = checked_scores(scores)
    if not np.isfinite(prior) or prior < 0:
        raise ValueError(f"a prior is a finite number of virtual matches, not {prior}")
    if prior == 0:
        require_connected(counts)
    return counts


def checked_scores(scores: npt.ArrayLike) -> Floats:
    """The scores as floats; raises InvalidScores on a shape, a negative, a non-finite or a self-match."""
    counts = np.asarray(scores, dtype=np.float64)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or not counts.size:
        raise InvalidScores(f"scores have shape {counts.shape}, not (n, n)")
    if not np.isfinite(counts).all() or (counts < 0).any():
        raise InvalidScores("scores are finite and not negative")
    if np.diagonal(counts).any():
        raise InvalidScores("a model does not meet itself: the diagonal is zero")
    return counts


def require_connected(scores: Floats) -> None:
    """Raise Disconnected unless a chain of wins leads from every model to every other."""
    mutual = _beats_by_chain(scores > 0)
    mutual &= mutual.T
    largest = mutual[mutual.sum(axis=1).argmax()]
    if not largest.all():
        raise Disconnected(np.flatnonzero(~largest).tolist())


def _beats_by_chain(beats: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Shape (n, n): whether a chain of wins leads from the row's model to the column's."""
    reached = beats | np.eye(len(beats), dtype=bool)
    for _ in range(len(beats).bit_length()):
        # Each squaring doubles the length of the chains; in float32 it goes through BLAS.
        reached = (reached.astype(np.float32) @ reached.astype(np.float32)) > 0
    return reached


def _gradient(scores: Floats, strengths: Floats, prior: float) -> Floats:
    chance = win_probability(differences(strengths))
    # Wins * P(loss) - losses * P(win), and not score - expected: nothing large cancels.
    surprise = scores * chance.T - scores.T * chance
    return centred(surprise.sum(axis=1) - prior * (win_probability(strengths) - 0.5))
