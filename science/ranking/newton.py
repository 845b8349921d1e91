"""Newton's method for a logistic likelihood, damped so that no step decreases it."""

from collections.abc import Callable

import numpy as np

from science.ranking.logistic import Floats

# Near the maximum each step squares the error: after a step of 1e-7, some 1e-14 remains.
STEP_TOLERANCE = 1e-7
MAX_STEPS = 200  # ten are usual


class NotConverged(ArithmeticError):
    """The steps do not converge: the strengths, or the effect of a covariate, grow without bound."""


def newton_maximize(
    slope: Callable[[Floats], tuple[Floats, Floats]], start: Floats, step_size: Callable[[Floats], float]
) -> Floats:
    """The parameters that maximize a concave likelihood, shape (p,).

    slope: parameters -> gradient, shape (p,), and invertible information, shape (p, p).
    step_size: step -> the largest change of the log-odds of any match. Raises NotConverged.
    Source of the length of a step: Sun and Tran-Dinh 2019, "Generalized self-concordant functions: a recipe
    for Newton-type methods", Mathematical Programming 178 (the logistic loss has order 2).
    """
    parameters = start
    for _ in range(MAX_STEPS):
        step = _solved(*slope(parameters))
        size = step_size(step)
        if size < STEP_TOLERANCE:
            return parameters + step
        parameters = parameters + step * np.log1p(size) / size
    raise NotConverged(f"no maximum after {MAX_STEPS} steps")


def _solved(gradient: Floats, information: Floats) -> Floats:
    try:
        return np.asarray(np.linalg.solve(information, gradient), dtype=np.float64)
    except np.linalg.LinAlgError as error:
        raise NotConverged("the likelihood is flat: strengths or effects grow without bound") from error
