"""Scores, ranks and frontier chances from summed votes, by the methods of `science.ranking`."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from leaderboard.ranking.aggregate import StyledVotes
from science.energy import Estimate, Interval
from science.ranking import bradley_terry, contextual, covariance, frontier, ranks
from science.ranking.logistic import win_probability
from science.ranking.style import STYLE
from science.ranking.voter_counts import VoterCounts
from science.ranking.zero_mean import centred

Floats = npt.NDArray[np.float64]

RANKING_METHOD = "bradley-terry-2026.1"
SEED = 2026  # fixed: the figures of a page do not change when no vote did
# The range of a known size goes from about /5 to about *5; of that, a model's own part is the root of 2 (two
# models are compared within a factor of 2), and the rest is common to all models: 5 / 1.4.
SHARED_ENERGY_FACTOR = 3.6


@dataclass(frozen=True)
class Scores:
    """Points, their interval at 95 %, the chance to be preferred to the average model: shape (n,) each.

    samples: shape (count, n), posterior samples of the strengths.
    """

    points: Floats
    low: Floats
    high: Floats
    beats_average: Floats
    samples: Floats


@dataclass(frozen=True)
class StyledScores:
    """Points at equal style with their interval at 95 %: shape (n,) each.

    effects: the points that one unit of each aspect of style is worth.
    """

    points: Floats
    low: Floats
    high: Floats
    effects: dict[str, Interval]


def score(votes: VoterCounts, compared: Sequence[int]) -> Scores:
    """Scores of n models; the mean of the compared ones is 1000 points.

    Raises TooFewVoters when all votes come from one voter.
    """
    fitted = bradley_terry.fit(votes.scores())
    spread = covariance.clustered(votes, fitted, centre_on=compared)
    strengths = centred(fitted, compared)
    bounds = bradley_terry.points(ranks.intervals(strengths, spread))
    return Scores(
        points=bradley_terry.points(strengths),
        low=bounds[:, 0],
        high=bounds[:, 1],
        beats_average=win_probability(strengths),
        samples=ranks.sample_strengths(strengths, spread, np.random.default_rng(SEED)),
    )


def score_at_equal_style(styled: StyledVotes, compared: Sequence[int]) -> StyledScores:
    """Scores without the effects of length, Markdown and side.

    Raises TooFewVoters, Undetermined where style never varies, NotConverged.
    """
    fitted = contextual.fit(styled.votes, styled.covariates, centre_on=compared)
    bounds = bradley_terry.points(ranks.intervals(fitted.strengths, fitted.strengths_covariance))
    return StyledScores(
        points=bradley_terry.points(fitted.strengths),
        low=bounds[:, 0],
        high=bounds[:, 1],
        effects=_effects_in_points(fitted),
    )


def _effects_in_points(fitted: contextual.ContextualFit) -> dict[str, Interval]:
    """Points for one unit of each aspect, where 1 is all of the length, all of the Markdown, or side a."""
    last = slice(len(fitted.strengths), None)
    bounds = ranks.intervals(fitted.effects, fitted.covariance[last, last])
    ends = bradley_terry.POINTS_PER_STRENGTH * np.column_stack([bounds[:, 0], fitted.effects, bounds[:, 1]])
    return {aspect: Interval(*map(float, row)) for aspect, row in zip(STYLE, ends, strict=True)}


def rank_bounds(scores: Scores, compared: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Best and worst rank of each compared model among the compared ones, by index."""
    bounds = ranks.rank_intervals(scores.samples[:, list(compared)])
    return {model: (int(best), int(worst)) for model, (best, worst) in zip(compared, bounds, strict=True)}


def frontier_chances(
    scores: Scores, compared: Sequence[int], energies: Sequence[Estimate | None]
) -> dict[int, float]:
    """The chance that no compared model is both better and more frugal, by index, where known.

    Models of one shape have one energy by construction, up to the lengths of their answers.
    """
    known = {model: energy for model in compared if (energy := energies[model]) and energy.low_wh > 0}
    if not known:
        return {}
    own_wh = [energy.own_energy_wh for energy in known.values()]
    shapes = dict.fromkeys(energy.shape for energy in known.values())  # in order: the samples stay the same
    numbers = {shape: number for number, shape in enumerate(shapes)}
    chances = frontier.frontier_probability(
        scores.samples[:, list(known)],
        np.array([energy.low for energy in own_wh]),
        np.array([energy.high for energy in own_wh]),
        np.random.default_rng(SEED),
        np.array([numbers[energy.shape] for energy in known.values()]),
    )
    return dict(zip(known, map(float, chances), strict=True))
