"""The quality-energy frontier: the models that no other beats on one count without losing on the other."""

import numpy as np
import numpy.typing as npt

from science.ranking.logistic import Floats


class InvalidEnergy(ValueError):
    """Ranges of energy that are not finite, not above zero, not in order, or not one for each model."""


def on_frontier(quality: Floats, energy: Floats) -> npt.NDArray[np.bool_]:
    """Whether no other model of the row is at least as good for at most as much energy, and better in one.

    Of models of one energy only the best stay; two that are equal in both stay together.
    quality, energy: shape (..., n), in any increasing scale. Returns that shape.
    """
    # From frugal to hungry and, at one energy, from best to worst.
    order = np.lexsort((-quality, energy), axis=-1)
    climbed = np.take_along_axis(quality, order, axis=-1)
    spent = np.take_along_axis(energy, order, axis=-1)
    best_so_far = np.maximum.accumulate(climbed, axis=-1)
    is_record = np.ones_like(climbed, dtype=bool)
    is_record[..., 1:] = climbed[..., 1:] > best_so_far[..., :-1]
    spent_by_best = np.maximum.accumulate(np.where(is_record, spent, -np.inf), axis=-1)
    standing = (climbed == best_so_far) & (spent == spent_by_best)
    result: npt.NDArray[np.bool_] = np.empty_like(standing)
    np.put_along_axis(result, order, standing, axis=-1)
    return result


def frontier_probability(
    strength_samples: Floats,
    energy_low_wh: Floats,
    energy_high_wh: Floats,
    rng: np.random.Generator,
    group: npt.NDArray[np.int_] | None = None,
) -> Floats:
    """Shape (n,): the share of samples in which the model is on the frontier.

    strength_samples: shape (count, n), from `ranks.sample_strengths`: N(theta, V).
    energy_low_wh, energy_high_wh: shape (n,), the range of each model for the same work, without what all
    owe to common causes (unknown servers, unknown load), which changes no comparison; its logarithm is
    sampled evenly between the two ends.
    group: shape (n,), models whose energies are equal by construction, up to a known factor, have the same
    number: they move together in the samples. Left out, each model moves alone. Raises InvalidEnergy.
    """
    n_models = strength_samples.shape[1]
    low, high = _log_range(energy_low_wh, energy_high_wh, n_models)
    group = np.arange(n_models) if group is None else group
    if group.shape != (n_models,):
        raise InvalidEnergy("one group for each model")
    _, member = np.unique(group, return_inverse=True)
    places = rng.random((len(strength_samples), member.max(initial=-1) + 1))[:, member]
    log_energy = low + (high - low) * places
    return np.asarray(on_frontier(strength_samples, log_energy).mean(axis=0))


def _log_range(energy_low_wh: Floats, energy_high_wh: Floats, n_models: int) -> tuple[Floats, Floats]:
    """The two ends in logarithm; raises InvalidEnergy."""
    if energy_low_wh.shape != (n_models,) or energy_high_wh.shape != (n_models,):
        raise InvalidEnergy("one range for each model")
    # Written so that a NaN fails too.
    if not ((energy_low_wh > 0) & (energy_low_wh <= energy_high_wh) & np.isfinite(energy_high_wh)).all():
        raise InvalidEnergy("a range goes from above zero to a finite end, in order")
    return np.log(energy_low_wh), np.log(energy_high_wh)
