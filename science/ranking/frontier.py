"""The quality-energy frontier: the models such that none is both better and more frugal."""

import numpy as np
import numpy.typing as npt

from science.ranking.logistic import Floats


class InvalidEnergy(ValueError):
    """Ranges of energy that are not finite, not above zero, not in order, or not one for each model."""


def on_frontier(quality: Floats, energy: Floats) -> npt.NDArray[np.bool_]:
    """Whether no other model of the row has both a higher quality and a lower energy.

    quality, energy: shape (..., n), in any increasing scale. Returns that shape.
    """
    # From frugal to hungry and, at one energy, from worst to best: equals in energy do not beat each other.
    order = np.lexsort((quality, energy), axis=-1)
    climbed = np.take_along_axis(quality, order, axis=-1)
    standing = climbed >= np.maximum.accumulate(climbed, axis=-1)
    result = np.empty_like(standing)
    np.put_along_axis(result, order, standing, axis=-1)
    return result


def frontier_probability(
    strength_samples: Floats,
    energy_low_wh: Floats,
    energy_high_wh: Floats,
    rng: np.random.Generator,
    shared_factor: float = 1.0,
) -> Floats:
    """Shape (n,): the share of samples in which nobody is both better and more frugal.

    strength_samples: shape (count, n), from `ranks.sample_strengths`: N(theta, V).
    energy_low_wh, energy_high_wh: shape (n,), the range of each model for the same work; its logarithm is
    sampled evenly between the two ends.
    shared_factor: what every range owes to causes common to all models (unknown servers, unknown load), by
    which both ends are too far out: it moves all energies together, changes no comparison, and so is not
    sampled. A range not wider than that is its middle. Raises InvalidEnergy.
    """
    low, high = _own_range(energy_low_wh, energy_high_wh, shared_factor, strength_samples.shape[1])
    log_energy = low + (high - low) * rng.random(strength_samples.shape)
    return np.asarray(on_frontier(strength_samples, log_energy).mean(axis=0))


def _own_range(
    energy_low_wh: Floats, energy_high_wh: Floats, shared_factor: float, n_models: int
) -> tuple[Floats, Floats]:
    """The two ends in logarithm, brought closer by the shared factor; raises InvalidEnergy."""
    if energy_low_wh.shape != (n_models,) or energy_high_wh.shape != (n_models,):
        raise InvalidEnergy("one range for each model")
    # Written so that a NaN fails too.
    if not ((energy_low_wh > 0) & (energy_low_wh <= energy_high_wh) & np.isfinite(energy_high_wh)).all():
        raise InvalidEnergy("a range goes from above zero to a finite end, in order")
    if not (np.isfinite(shared_factor) and shared_factor >= 1):
        raise InvalidEnergy(f"a shared factor is at least 1, not {shared_factor}")
    low, high = np.log(energy_low_wh), np.log(energy_high_wh)
    inwards = np.minimum(np.log(shared_factor), (high - low) / 2)
    return low + inwards, high - inwards
