"""A simulated arena whose true strengths are known, to check intervals and to time computations."""

from dataclasses import dataclass

import numpy as np

from science.ranking.logistic import Floats, win_probability
from science.ranking.voter_counts import Integers, VoterCounts


@dataclass(frozen=True)
class Arena:
    """strengths, exposure: shape (n,): true strengths, and how often models are sampled, up to a factor.

    tie_rate: the share of votes that are ties. taste: the standard deviation, in natural-log strength, of one
    voter's strengths around the true ones; it correlates the votes of one voter.
    votes_per_voter: the most that one voter gives; most give far fewer.
    """

    strengths: Floats
    exposure: Floats
    tie_rate: float = 0.2
    taste: float = 0.0
    votes_per_voter: int = 200

    def vote(self, n_votes: int, rng: np.random.Generator) -> VoterCounts:
        """So many votes, one row each."""
        voter = self._voters(n_votes, rng)
        first, second = self._pairs(n_votes, rng)
        gap = self.strengths[first] - self.strengths[second]
        if self.taste:
            tastes = rng.normal(0.0, self.taste, (int(voter[-1]) + 1, len(self.strengths)))
            gap = gap + tastes[voter, first] - tastes[voter, second]
        score = (rng.random(n_votes) < win_probability(gap)).astype(np.float64)
        score[rng.random(n_votes) < self.tie_rate] = 0.5
        return VoterCounts(len(self.strengths), voter, first, second, score, np.ones(n_votes))

    def _voters(self, n_votes: int, rng: np.random.Generator) -> Integers:
        """Shape (n_votes,): voters in order, from zero; a few give many votes, most give one or two."""
        counts = np.ceil(rng.pareto(1.0, n_votes)).clip(1, self.votes_per_voter).astype(np.int64)
        return np.repeat(np.arange(n_votes), counts)[:n_votes]

    def _pairs(self, n_votes: int, rng: np.random.Generator) -> tuple[Integers, Integers]:
        """Two models for each vote, never the same twice."""
        n_models = len(self.exposure)
        met = np.outer(self.exposure, self.exposure)
        np.fill_diagonal(met, 0.0)
        pair = rng.choice(n_models**2, size=n_votes, p=met.ravel() / met.sum())
        return pair // n_models, pair % n_models
