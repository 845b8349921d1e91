from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from science.ranking.bench import evalica_fit
from science.ranking.bradley_terry import Disconnected, InvalidScores, fit, points
from science.ranking.logistic import Floats, differences, win_probability
from tests.science.ranking import literature

unhurried = settings(deadline=None)  # the machine may be busy

CYCLE = np.array([[0, 3, 0], [0, 0, 2], [1, 0, 0]])


def without_diagonal(table: Floats) -> Floats:
    return np.asarray(table * (1 - np.eye(len(table))))


@st.composite
def any_scores(draw: st.DrawFn, smallest: int = 0) -> Floats:
    """Counts of two to seven models; halves are ties."""
    n_models = draw(st.integers(2, 7))
    halves = draw(arrays(np.int64, (n_models, n_models), elements=st.integers(2 * smallest, 60)))
    return without_diagonal(halves / 2)


def penalised_likelihood(scores: Floats, strengths: Floats, prior: float) -> float:
    matches = scores * np.log(win_probability(differences(strengths)))
    virtual = 0.5 * np.log(win_probability(strengths) * win_probability(-strengths))
    return float(matches.sum() + prior * virtual.sum())


def test_the_worked_example_of_wikipedia_is_found() -> None:
    assert np.exp(fit(literature.WIKIPEDIA_SCORES, prior=0)) == pytest.approx(
        literature.WIKIPEDIA_STRENGTHS, abs=5e-4
    )


def test_the_published_coefficients_of_the_citations_are_found() -> None:
    strengths = fit(literature.CITATION_SCORES, prior=0)
    assert strengths == pytest.approx(literature.CITATIONS_FROM_MEAN[0], abs=5e-8)
    for journal, (published, _) in (
        (literature.BIOMETRIKA, literature.CITATIONS_FROM_BIOMETRIKA),
        (literature.JASA, literature.CITATIONS_FROM_JASA),
    ):
        assert literature.relative_to(strengths, journal) == pytest.approx(published, abs=1e-7)


def test_the_published_coefficients_of_baseball_are_found() -> None:
    strengths = fit(literature.HOME_WINS + literature.HOME_LOSSES.T, prior=0)
    assert literature.relative_to(strengths, 0) == pytest.approx(literature.BASEBALL_STRENGTHS, abs=5e-5)


def test_two_models_without_a_prior_have_the_logarithm_of_their_odds() -> None:
    assert fit([[0, 9], [3, 0]], prior=0) == pytest.approx([np.log(3) / 2, -np.log(3) / 2], abs=1e-14)


def test_a_model_that_never_lost_is_finite_where_the_prior_balances_its_wins() -> None:
    strong, weak = fit([[0, 7], [0, 0]], prior=1)
    assert strong == -weak
    assert 7 * win_probability(weak - strong) == pytest.approx(win_probability(strong) - 0.5, abs=1e-12)


def test_a_model_without_a_vote_stands_at_the_average() -> None:
    assert fit([[0, 4, 0], [4, 0, 0], [0, 0, 0]]) == pytest.approx(np.zeros(3), abs=1e-12)


def test_one_model_alone_is_the_average() -> None:
    assert fit([[0]]) == pytest.approx([0])
    assert fit([[0]], prior=0) == pytest.approx([0])


def test_a_million_straight_wins_and_a_weak_link_still_settle() -> None:
    scores = np.zeros((4, 4))
    scores[0, 1], scores[2, 3], scores[3, 2], scores[1, 2] = 1e6, 1e6, 5e5, 1
    assert np.isfinite(fit(scores)).all()
    scores[2, 1] = scores[1, 0] = 1
    assert fit(scores, prior=0)[0] - fit(scores, prior=0)[1] == pytest.approx(np.log(1e6), abs=1e-6)


@unhurried
@given(any_scores(), st.floats(0.01, 100))
def test_strengths_are_centred_and_nothing_near_is_more_likely(scores: Floats, prior: float) -> None:
    strengths = fit(scores, prior)
    assert strengths.mean() == pytest.approx(0, abs=1e-12)
    best = penalised_likelihood(scores, strengths, prior)
    for model in range(len(scores)):
        for distance in (-0.01, 0.01):
            moved = strengths + distance * (np.eye(len(scores))[model] - 1 / len(scores))
            assert penalised_likelihood(scores, moved, prior) < best + 1e-9


@unhurried
@given(any_scores())
def test_winners_and_losers_swapped_turn_the_strengths_over(scores: Floats) -> None:
    assert fit(scores.T) == pytest.approx(-fit(scores), abs=1e-9)


@unhurried
@given(any_scores(), st.randoms(use_true_random=False))
def test_models_in_another_order_keep_their_strengths(scores: Floats, random: Random) -> None:
    order = list(range(len(scores)))
    random.shuffle(order)
    assert fit(scores[np.ix_(order, order)]) == pytest.approx(fit(scores)[order], abs=1e-9)


@unhurried
@given(any_scores(), st.floats(0.1, 1000))
def test_votes_and_prior_multiplied_together_change_nothing(scores: Floats, factor: float) -> None:
    assert fit(factor * scores, prior=factor) == pytest.approx(fit(scores, prior=1), abs=1e-8)


@unhurried
@given(any_scores(), st.integers(1, 20))
def test_one_more_win_never_lowers_the_winner_against_the_loser(scores: Floats, wins: int) -> None:
    before, more = fit(scores), scores.copy()
    more[0, 1] += wins
    after = fit(more)
    assert after[0] - after[1] > before[0] - before[1]


@pytest.mark.slow
@unhurried
@given(any_scores(smallest=1))
def test_strengths_agree_with_evalica(scores: Floats) -> None:
    assert fit(scores, prior=0) == pytest.approx(evalica_fit(scores), abs=1e-6)


@pytest.mark.slow
@unhurried
@given(any_scores(), st.sampled_from([0.5, 1.0, 8.0]))
def test_the_prior_is_a_virtual_model_played_by_all_as_evalica_fits_it(scores: Floats, prior: float) -> None:
    # Beside its mirror, any pool averages zero by symmetry, where the virtual model then stands.
    pool = len(scores)
    whole = np.zeros((2 * pool + 1, 2 * pool + 1))
    whole[:pool, :pool], whole[pool:-1, pool:-1] = scores, scores.T
    whole[-1, :-1] = whole[:-1, -1] = prior / 2
    found = evalica_fit(whole)
    assert fit(whole[:-1, :-1], prior) == pytest.approx(found[:-1] - found[-1], abs=1e-6)


def test_without_a_prior_models_outside_the_largest_connected_group_are_named() -> None:
    scores = np.zeros((5, 5))
    scores[:3, :3] = CYCLE
    scores[3, 0] = 4  # never lost
    with pytest.raises(Disconnected) as refusal:  # model 4 never met anybody
        fit(scores, prior=0)
    assert refusal.value.models == (3, 4)
    assert np.isfinite(fit(scores, prior=1)).all()


def test_a_chain_of_wins_that_closes_is_connected_enough() -> None:
    ring = np.roll(np.eye(40), 1, axis=1)
    assert fit(ring, prior=0) == pytest.approx(np.zeros(40), abs=1e-9)


@pytest.mark.parametrize(
    "scores",
    [
        pytest.param([1, 2], id="one dimension"),
        pytest.param([[0, 1, 2], [1, 0, 2]], id="not square"),
        pytest.param(np.empty((0, 0)), id="no model"),
        pytest.param([[0, -1], [1, 0]], id="negative"),
        pytest.param([[0, float("nan")], [1, 0]], id="not a number"),
        pytest.param([[0, float("inf")], [1, 0]], id="infinite"),
        pytest.param([[1, 1], [1, 0]], id="a self-match"),
    ],
)
def test_scores_that_no_votes_give_are_refused(scores: Floats) -> None:
    with pytest.raises(InvalidScores):
        fit(scores)


@pytest.mark.parametrize("prior", [-1, float("nan"), float("inf")])
def test_a_prior_is_a_finite_number_of_matches(prior: float) -> None:
    with pytest.raises(ValueError, match="prior"):
        fit(CYCLE, prior)


def test_odds_of_ten_to_one_are_400_points_around_1000() -> None:
    assert points(np.array([0.0, np.log(10)])) == pytest.approx([1000, 1400])


def test_huge_gaps_do_not_overflow() -> None:
    assert win_probability([-1e6, 0, 1e6]) == pytest.approx([0, 0.5, 1])
