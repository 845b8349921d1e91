"""Time of the ranking on simulated votes of 60 models: `python -m science.ranking.bench`.

Votes are summed by block of voters and pair of models before the clock starts, as a database sums them; the
fit at equal style reads them one by one. For comparison, the fit of evalica on the same counts.
"""

import time
import tracemalloc
from collections.abc import Callable
from importlib import import_module
from typing import TypeVar

import numpy as np

from science.ranking import bradley_terry, contextual, covariance, frontier, ranks
from science.ranking.logistic import Floats
from science.ranking.simulation import Arena
from science.ranking.style import style_covariates
from science.ranking.voter_counts import VoterCounts

Result = TypeVar("Result")

N_MODELS = 60
N_BLOCKS = 256
N_VOTES = (10_000, 100_000, 1_000_000)


def main() -> None:
    """Print one block of lines for each number of votes."""
    import_module("evalica")  # takes seconds, which are not to be timed as its fit
    rng = np.random.default_rng(2026)
    arena = Arena(strengths=rng.normal(0.0, 0.6, N_MODELS), exposure=np.ones(N_MODELS), taste=0.5)
    for n_votes in N_VOTES:
        votes = arena.vote(n_votes, rng)
        summed = votes.in_blocks(N_BLOCKS)
        print(f"{n_votes:,} votes, {len(summed.voter):,} rows of block and pair, {N_MODELS} models")
        _time_ranking(summed, rng)
        _time_style(votes, rng)


def _time_ranking(votes: VoterCounts, rng: np.random.Generator) -> None:
    scores = votes.scores()
    low_wh = np.exp(rng.normal(-1.0, 1.0, N_MODELS))
    strengths = _timed("fit", lambda: bradley_terry.fit(scores))
    _timed("fit by evalica", lambda: evalica_fit(scores))
    spread = _timed("covariance by voter", lambda: covariance.clustered(votes, strengths))
    samples = _timed("samples of strengths", lambda: ranks.sample_strengths(strengths, spread, rng))
    _timed("intervals of rank", lambda: ranks.rank_intervals(samples))
    _timed("frontier", lambda: frontier.frontier_probability(samples, low_wh, 4 * low_wh, rng))


def _time_style(votes: VoterCounts, rng: np.random.Generator) -> None:
    tokens = rng.integers(20, 900, (2, len(votes.voter)))
    marks = rng.integers(0, 30, (2, len(votes.voter)))
    covariates = style_covariates(*tokens, *marks)
    _timed("fit and covariance at equal style", lambda: contextual.fit(votes, covariates))


def evalica_fit(scores: Floats) -> Floats:
    """Natural-log strengths of zero mean, shape (n,), by evalica's minorise-maximise steps, without a prior.

    Not at the top of the module: with its pandas, evalica takes 4 s to import.
    """
    import evalica

    winner, loser = np.nonzero(scores)
    result = evalica.bradley_terry(
        winner.tolist(),
        loser.tolist(),
        [evalica.Winner.X] * len(winner),
        weights=scores[winner, loser].tolist(),
        tolerance=1e-12,
        limit=100_000,
    )
    return np.asarray(np.log(result.scores.sort_index().to_numpy(dtype=np.float64)))


def _timed(name: str, work: Callable[[], Result]) -> Result:
    started = time.perf_counter()
    work()
    seconds = time.perf_counter() - started
    # Apart from the clock, which tracing slows down.
    tracemalloc.start()
    result = work()
    peak_mb = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    print(f"    {name:<36}{seconds:9.4f} s {peak_mb:8.1f} MB")
    return result


if __name__ == "__main__":
    main()
