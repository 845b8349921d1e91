"""Two plainer covariances, each right under more assumptions, to hold `clustered` against.

`fisher` trusts the model; `sandwich` trusts each vote but not its modelled variance.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from science.ranking.bradley_terry import checked, information, laplacian
from science.ranking.covariance import assembled
from science.ranking.logistic import Floats, differences, win_probability
from science.ranking.zero_mean import inverted, recentred


def fisher(
    scores: npt.ArrayLike, strengths: Floats, prior: float = 1.0, centre_on: Sequence[int] | None = None
) -> Floats:
    """The inverse of Fisher's information, shape (n, n): right if the votes follow the model, without ties.

    scores, prior: as given to `bradley_terry.fit`; strengths: what it returned, shape (n,).
    centre_on: the models whose mean strength is held at zero; by default all.
    """
    counts = checked(scores, prior)
    curvature = information(counts + counts.T, strengths, prior)
    return recentred(inverted(curvature, len(strengths)), len(strengths), centre_on)


def sandwich(
    scores: npt.ArrayLike,
    strengths: Floats,
    ties: npt.ArrayLike | None = None,
    prior: float = 1.0,
    centre_on: Sequence[int] | None = None,
) -> Floats:
    """The covariance, shape (n, n), when every vote comes from somebody else.

    ties: shape (n, n), symmetric: the number of ties of each pair, which the scores alone do not tell; by
    default none. The rest as in `fisher`.
    """
    counts = checked(scores, prior)
    drawn = np.zeros_like(counts) if ties is None else np.asarray(ties, dtype=np.float64)
    chance = win_probability(differences(strengths))
    won = (counts - drawn / 2) * chance.T**2
    meat = laplacian(won + won.T + drawn * (0.5 - chance) ** 2)
    curvature = information(counts + counts.T, strengths, prior)
    return assembled(curvature, meat, strengths, prior, centre_on)
