"""Intervals, posterior samples and possible ranks from strengths and their covariance."""

from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from science.ranking.covariance import standard_errors
from science.ranking.logistic import Floats

LEVEL = 0.95
SAMPLES = 4000  # a probability of one half is then known to 0.8 % (one standard error)


def intervals(strengths: Floats, covariance: Floats, level: float = LEVEL) -> Floats:
    """Shape (n, 2): low and high end of each strength, at the level of confidence given."""
    half = NormalDist().inv_cdf((1 + level) / 2) * standard_errors(covariance)
    return np.column_stack([strengths - half, strengths + half])


def sample_strengths(
    strengths: Floats, covariance: Floats, rng: np.random.Generator, count: int = SAMPLES
) -> Floats:
    """Shape (count, n): joint samples of the strengths from N(theta, V)."""
    # By eigenvalues: a covariance of centred strengths is singular, which stops Cholesky's method.
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.clip(values, 0, None))
    return np.asarray(strengths + rng.standard_normal((count, len(strengths))) @ root.T)


def rank_intervals(samples: Floats, level: float = LEVEL) -> npt.NDArray[np.int64]:
    """Shape (n, 2): best and worst rank (1 is first) over samples of shape (count, n), at the level given."""
    ranks = 1 + np.argsort(np.argsort(-samples, axis=1), axis=1)
    tail = (1 - level) / 2
    # Rounded outwards: between two ranks, the interval holds both.
    best = np.quantile(ranks, tail, axis=0, method="lower")
    worst = np.quantile(ranks, 1 - tail, axis=0, method="higher")
    return np.column_stack([best, worst]).astype(np.int64)
