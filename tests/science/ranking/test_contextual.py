from dataclasses import replace

import numpy as np
import pytest

from science.ranking import bradley_terry, contextual
from science.ranking.bradley_terry import Disconnected
from science.ranking.contextual import InvalidCovariates, Undetermined
from science.ranking.covariance import clustered, standard_errors
from science.ranking.logistic import Floats, win_probability
from science.ranking.newton import NotConverged
from science.ranking.simulation import Arena
from science.ranking.voter_counts import VoterCounts
from tests.science.ranking import literature


def some_votes(n_votes: int = 3000) -> VoterCounts:
    rng = np.random.default_rng(11)
    return Arena(rng.normal(0, 0.7, 6), np.ones(6), taste=0.5).vote(n_votes, rng)


def baseball() -> VoterCounts:
    """One row for each home team and visitor; first plays at home; every row is a voter of its own."""
    home, away = np.nonzero(literature.HOME_WINS + literature.HOME_LOSSES)
    won, lost = literature.HOME_WINS[home, away], literature.HOME_LOSSES[home, away]
    return VoterCounts(7, np.arange(len(home)), home, away, won.astype(float), (won + lost).astype(float))


def test_the_published_home_advantage_of_baseball_is_found() -> None:
    found = contextual.fit(baseball(), np.ones((42, 1)), prior=0)
    assert found.effects == pytest.approx([literature.BASEBALL_HOME_ADVANTAGE], abs=5e-5)
    strengths = literature.relative_to(found.strengths, 0)
    assert strengths == pytest.approx(literature.BASEBALL_STRENGTHS_AWAY, abs=5e-5)


@pytest.mark.parametrize("prior", [0, 1])
def test_without_covariates_it_is_the_plain_fit(prior: float) -> None:
    votes = some_votes()
    found = contextual.fit(votes, np.empty((3000, 0)), prior, centre_on=[2, 3])
    plain = bradley_terry.fit(votes.scores(), prior)
    assert found.strengths == pytest.approx(plain - plain[[2, 3]].mean(), abs=1e-9)
    assert found.strengths_covariance == pytest.approx(clustered(votes, plain, prior, centre_on=[2, 3]))


def verbose_arena(rng: np.random.Generator) -> tuple[VoterCounts, Floats, Floats]:
    """Equal models whose answers grow longer from one to the next, before voters who like length and side
    a."""
    n_votes = 20_000
    first = rng.integers(0, 5, n_votes)
    second = (first + rng.integers(1, 5, n_votes)) % 5
    length = 0.2 * (first - second) + rng.normal(0, 0.3, n_votes)
    won = rng.random(n_votes) < win_probability(0.8 * length + 0.25)
    votes = VoterCounts(5, np.arange(n_votes), first, second, won.astype(float), np.ones(n_votes))
    return votes, np.column_stack([length, np.ones(n_votes)]), np.array([0.8, 0.25])


def test_style_is_taken_off_the_strengths_and_its_effect_is_estimated() -> None:
    votes, covariates, truth = verbose_arena(np.random.default_rng(4))
    raw = bradley_terry.fit(votes.scores())
    found = contextual.fit(votes, covariates)
    errors = standard_errors(found.covariance)
    assert raw[4] - raw[0] > 0.5
    assert (np.abs(found.strengths) < 4 * errors[:5]).all()
    assert (np.abs(found.effects - truth) < 4 * errors[5:]).all()
    assert errors.max() < 0.06


def test_sides_swapped_with_their_covariates_change_nothing() -> None:
    votes, covariates, _ = verbose_arena(np.random.default_rng(4))
    swapped = replace(votes, first=votes.second, second=votes.first, score=votes.matches - votes.score)
    found, other = contextual.fit(votes, covariates), contextual.fit(swapped, -covariates)
    assert other.strengths == pytest.approx(found.strengths, abs=1e-9)
    assert other.effects == pytest.approx(found.effects, abs=1e-9)
    assert other.covariance == pytest.approx(found.covariance, abs=1e-12)


def test_a_covariate_in_another_unit_has_its_effect_in_that_unit() -> None:
    votes, covariates, _ = verbose_arena(np.random.default_rng(4))
    found, other = contextual.fit(votes, covariates), contextual.fit(votes, covariates * [1000, 1])
    assert other.strengths == pytest.approx(found.strengths, abs=1e-9)
    assert other.effects == pytest.approx(found.effects / [1000, 1], abs=1e-9)


def test_rows_of_the_same_voter_models_and_covariates_may_be_summed() -> None:
    votes = baseball()
    apart = VoterCounts(
        7,
        np.tile(votes.voter, 2),
        np.tile(votes.first, 2),
        np.tile(votes.second, 2),
        np.concatenate([votes.score, 0 * votes.score]),
        np.concatenate([votes.score, votes.matches - votes.score]) + 0.5,
    )
    halves = replace(votes, matches=votes.matches + 1)
    found, other = contextual.fit(halves, np.ones((42, 1))), contextual.fit(apart, np.ones((84, 1)))
    assert other.effects == pytest.approx(found.effects)
    assert other.covariance == pytest.approx(found.covariance)


@pytest.mark.parametrize(
    ("columns", "undetermined"),
    [
        pytest.param([[1.0] * 42, [0.0] * 42], (1,), id="always zero"),
        pytest.param(
            [[1.0] * 42, [float(row) for row in range(42)], [3.0] * 42], (0, 2), id="twice the same"
        ),
    ],
)
def test_covariates_whose_effect_cannot_be_determined_are_named(
    columns: list[list[float]], undetermined: tuple[int, ...]
) -> None:
    with pytest.raises(Undetermined) as refusal:
        contextual.fit(baseball(), np.array(columns).T)
    assert refusal.value.covariates == undetermined


def test_a_covariate_that_tells_every_winner_has_no_finite_effect() -> None:
    votes = some_votes()
    decided = replace(votes, score=np.where(votes.score >= 0.5, 1.0, 0.0))
    with pytest.raises(NotConverged):
        contextual.fit(decided, 2 * decided.score[:, None] - 1)


def test_unconnected_models_are_named_without_a_prior() -> None:
    with pytest.raises(Disconnected) as refusal:
        contextual.fit(replace(baseball(), n_models=8), np.ones((42, 1)), prior=0)
    assert refusal.value.models == (7,)


@pytest.mark.parametrize(
    "covariates",
    [
        pytest.param(np.ones(42), id="one dimension"),
        pytest.param(np.ones((41, 1)), id="a row too few"),
        pytest.param(np.full((42, 1), np.nan), id="not a number"),
    ],
)
def test_covariates_that_do_not_fit_the_rows_are_refused(covariates: Floats) -> None:
    with pytest.raises(InvalidCovariates):
        contextual.fit(baseball(), covariates)
