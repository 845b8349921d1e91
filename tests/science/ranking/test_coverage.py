"""How often a 95 % interval holds the truth: simulated arenas of 10,000 votes, 26 models and 4 newcomers."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from science.ranking.bradley_terry import fit
from science.ranking.covariance import clustered
from science.ranking.logistic import Floats, differences, win_probability
from science.ranking.ranks import intervals
from science.ranking.simulation import Arena
from science.ranking.voter_counts import VoterCounts
from science.ranking.zero_mean import centred
from tests.science.ranking.oracles import fisher

pytestmark = pytest.mark.slow

N_ARENAS = 300
N_VOTES = 10_000
NEWCOMERS, ESTABLISHED = range(0, 4), range(4, 30)

Spread = Callable[[VoterCounts, Floats], Floats]


def by_voter(votes: VoterCounts, strengths: Floats) -> Floats:
    return clustered(votes, strengths, centre_on=ESTABLISHED)


def by_block(votes: VoterCounts, strengths: Floats) -> Floats:
    return clustered(votes.in_blocks(256), strengths, centre_on=ESTABLISHED)


def by_vote(votes: VoterCounts, strengths: Floats) -> Floats:
    return clustered(replace(votes, voter=np.arange(N_VOTES)), strengths, centre_on=ESTABLISHED)


def by_the_model(votes: VoterCounts, strengths: Floats) -> Floats:
    return fisher(votes.scores(), strengths, centre_on=ESTABLISHED)


def arena(rng: np.random.Generator, tie_rate: float, taste: float) -> Arena:
    """Thirty models, four of them newcomers with some 76 votes each where the others have 750."""
    exposure = np.array([0.1 if model in NEWCOMERS else 1.0 for model in range(30)])
    return Arena(rng.normal(0, 0.6, 30), exposure, tie_rate, taste)


def expected_scores(arena: Arena) -> Floats:
    """Shape (n, n): what `VoterCounts.scores` tends to, up to a factor, as votes grow without end."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(31)
    # Two tastes, one for each model, are as one of sqrt(2) times the spread.
    gaps = differences(arena.strengths)[..., None] + np.sqrt(2.0) * arena.taste * nodes
    chance = win_probability(gaps) @ (weights / weights.sum())
    met = np.outer(arena.exposure, arena.exposure) / arena.exposure.sum() ** 2
    np.fill_diagonal(met, 0.0)
    return np.asarray(met * (arena.tie_rate / 2 + (1 - arena.tie_rate) * chance))


def coverage(spreads: list[Spread], tie_rate: float, taste: float) -> list[tuple[float, float]]:
    """For each spread, the share of intervals that hold the truth: of newcomers, then of the established."""
    rng = np.random.default_rng(2026)
    held = np.array([_one_arena(arena(rng, tie_rate, taste), rng, spreads) for _ in range(N_ARENAS)])
    return [
        (float(one[:, NEWCOMERS].mean()), float(one[:, ESTABLISHED].mean())) for one in held.swapaxes(0, 1)
    ]


def _one_arena(chosen: Arena, rng: np.random.Generator, spreads: list[Spread]) -> npt.NDArray[np.bool_]:
    """Shape (spreads, 30): whether the interval holds what endless votes of this arena would give."""
    truth = centred(fit(expected_scores(chosen), prior=0), ESTABLISHED)
    votes = chosen.vote(N_VOTES, rng)
    strengths = fit(votes.scores())
    shown = centred(strengths, ESTABLISHED)
    bounds = np.array([intervals(shown, spread(votes, strengths)) for spread in spreads])
    return np.asarray((bounds[:, :, 0] <= truth) & (truth <= bounds[:, :, 1]))


def test_intervals_hold_the_truth_when_voters_have_tastes_and_tie() -> None:
    whole, blocks, naive = coverage([by_voter, by_block, by_vote], tie_rate=0.2, taste=1.0)
    for newcomers, established in (whole, blocks):
        assert 0.93 <= newcomers <= 0.97
        assert 0.93 <= established <= 0.97
    # Votes taken as independent promise too much: what the clusters are for, and what this test can see.
    assert naive[1] < 0.91


def test_intervals_hold_the_truth_when_votes_follow_the_model() -> None:
    for newcomers, established in coverage([by_voter, by_the_model], tie_rate=0, taste=0):
        assert 0.93 <= newcomers <= 0.97
        assert 0.93 <= established <= 0.97
