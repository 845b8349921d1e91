"""Strengths are identified only up to a common shift: these functions fix their mean at zero.

Parameters are n strengths, then k effects that have no such freedom (k may be zero).
"""

from collections.abc import Sequence

import numpy as np

from science.ranking.logistic import Floats


def centred(strengths: Floats, centre_on: Sequence[int] | None = None) -> Floats:
    """The strengths moved together so that the mean of the given models (by default all) is zero."""
    chosen = strengths if centre_on is None else strengths[list(centre_on)]
    return np.asarray(strengths - chosen.mean())


def recentred(matrix: Floats, n_models: int, centre_on: Sequence[int] | None = None) -> Floats:
    """The covariance, shape (n + k, n + k), once the strengths are moved as `centred` moves them.

    On all models, this also takes from a matrix what it says of a common shift, as for an information.
    """
    chosen = list(range(n_models) if centre_on is None else centre_on)
    moved = matrix.copy()
    moved[:n_models] -= matrix[chosen].mean(axis=0)
    moved[:, :n_models] -= moved[:, chosen].mean(axis=1, keepdims=True)
    return moved


def anchored(information: Floats, n_models: int) -> Floats:
    """The information, shape (n + k, n + k), made invertible: a common shift costs too, no more."""
    scale = np.trace(information[:n_models, :n_models]) / n_models or 1.0
    held = information.copy()
    held[:n_models, :n_models] += scale / n_models
    return held


def inverted(information: Floats, n_models: int) -> Floats:
    """The covariance, shape (n + k, n + k), of the parameters that have this information, at zero mean."""
    return recentred(np.asarray(np.linalg.inv(anchored(information, n_models)), dtype=np.float64), n_models)
