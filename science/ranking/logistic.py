"""The logistic curve of Bradley and Terry: from a difference of strengths to a chance, without overflow."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def win_probability(difference: npt.ArrayLike) -> Floats:
    """The chance to be preferred, 1 / (1 + exp(-difference of natural-log strengths)); any shape."""
    gap = np.asarray(difference, dtype=np.float64)
    small = np.exp(-np.abs(gap))
    return np.where(gap >= 0, 1.0, small) / (1.0 + small)


def outcome_variance(difference: npt.ArrayLike) -> Floats:
    """The variance of one win or loss, p (1 - p), exact for large differences too; any shape."""
    small = np.exp(-np.abs(np.asarray(difference, dtype=np.float64)))
    return np.asarray(small / (1.0 + small) ** 2)


def differences(strengths: Floats) -> Floats:
    """Shape (n, n): the strength of the row's model minus the column's."""
    return strengths[:, None] - strengths[None, :]
