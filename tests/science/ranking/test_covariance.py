from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from science.ranking import covariance
from science.ranking.bradley_terry import Disconnected, fit
from science.ranking.covariance import TooFewVoters, clustered, standard_errors
from science.ranking.simulation import Arena
from science.ranking.voter_counts import VoterCounts
from tests.science.ranking import literature
from tests.science.ranking.oracles import fisher, sandwich


def some_votes(n_votes: int = 2000, n_models: int = 6, taste: float = 1.0) -> VoterCounts:
    rng = np.random.default_rng(5)
    arena = Arena(rng.normal(0, 0.7, n_models), np.ones(n_models), taste=taste)
    return arena.vote(n_votes, rng)


def only(votes: VoterCounts, chosen: npt.NDArray[np.bool_]) -> VoterCounts:
    return replace(
        votes,
        voter=votes.voter[chosen],
        first=votes.first[chosen],
        second=votes.second[chosen],
        score=votes.score[chosen],
        matches=votes.matches[chosen],
    )


@pytest.mark.parametrize(
    ("centre_on", "published"),
    [
        pytest.param(None, literature.CITATIONS_FROM_MEAN, id="mean"),
        pytest.param([literature.BIOMETRIKA], literature.CITATIONS_FROM_BIOMETRIKA, id="Biometrika"),
        pytest.param([literature.JASA], literature.CITATIONS_FROM_JASA, id="JASA"),
    ],
)
def test_the_published_standard_errors_of_the_citations_are_found(
    centre_on: list[int] | None, published: tuple[list[float], list[float]]
) -> None:
    strengths = fit(literature.CITATION_SCORES, prior=0)
    spread = fisher(literature.CITATION_SCORES, strengths, prior=0, centre_on=centre_on)
    assert standard_errors(spread) == pytest.approx(published[1], abs=1e-7)


def test_without_ties_the_sandwich_of_two_models_is_the_variance_of_the_log_odds() -> None:
    scores = np.array([[0, 30], [10, 0]])
    strengths = fit(scores, prior=0)
    # 1/wins + 1/losses, as for any odds, shared by two strengths of opposite sign.
    assert np.diag(sandwich(scores, strengths, prior=0)) == pytest.approx([(1 / 30 + 1 / 10) / 4] * 2)
    assert np.diag(fisher(scores, strengths, prior=0)) == pytest.approx([(1 / 30 + 1 / 10) / 4] * 2)


def test_ties_narrow_the_sandwich_and_not_the_model() -> None:
    scores = np.array([[0, 20], [20, 0]])
    ties = np.array([[0, 30], [30, 0]])
    strengths = fit(scores, prior=0)
    assert sandwich(scores, strengths, ties, prior=0)[0, 0] == pytest.approx(
        sandwich(scores, strengths, prior=0)[0, 0] / 4
    )


@pytest.mark.parametrize("prior", [0, 1])
def test_voters_of_one_vote_each_give_the_sandwich(prior: float) -> None:
    votes = some_votes()
    scores, strengths = votes.scores(), fit(votes.scores(), prior)
    # A tie is half a win on both sides: the scores of the ties alone, twice, count them.
    ties = 2 * only(votes, votes.score == 0.5).scores()
    alone = replace(votes, voter=np.arange(2000))
    assert clustered(alone, strengths, prior) == pytest.approx(
        sandwich(scores, strengths, ties, prior), rel=1e-3, abs=1e-6
    )


def test_every_voter_voting_twice_alike_teaches_the_clusters_nothing() -> None:
    votes = some_votes()
    twice = replace(votes, score=2 * votes.score, matches=2 * votes.matches)
    strengths = fit(votes.scores(), prior=0)
    assert clustered(twice, strengths, prior=0) == pytest.approx(clustered(votes, strengths, prior=0))


def test_rows_in_another_order_with_voters_renamed_give_the_same() -> None:
    votes = some_votes()
    order = np.random.default_rng(0).permutation(len(votes.voter))
    other = VoterCounts(
        votes.n_models,
        10**12 - 7 * votes.voter[order],
        votes.second[order],
        votes.first[order],
        (votes.matches - votes.score)[order],
        votes.matches[order],
    )
    strengths = fit(votes.scores())
    assert clustered(other, strengths) == pytest.approx(clustered(votes, strengths))


def test_voters_summed_a_few_at_a_time_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    votes = some_votes()
    strengths = fit(votes.scores())
    at_once = clustered(votes, strengths)
    monkeypatch.setattr(covariance, "VOTERS_AT_ONCE", 7)
    assert clustered(votes, strengths) == pytest.approx(at_once)


def test_blocks_of_voters_give_nearly_the_same_intervals() -> None:
    votes = some_votes(n_votes=20_000)
    strengths = fit(votes.scores())
    by_voter = standard_errors(clustered(votes, strengths))
    by_block = standard_errors(clustered(votes.in_blocks(256), strengths))
    # 256 blocks know a standard error to 4 %: four times that is beyond chance.
    assert by_block == pytest.approx(by_voter, rel=0.16)


def test_centring_on_some_models_holds_their_mean_and_changes_no_difference() -> None:
    votes = some_votes()
    strengths = fit(votes.scores())
    on_all, on_two = clustered(votes, strengths), clustered(votes, strengths, centre_on=[1, 4])
    assert on_two[:, [1, 4]].sum(axis=1) == pytest.approx(np.zeros(6), abs=1e-12)
    contrast = np.array([1, 0, -1, 0, 0, 0])
    assert contrast @ on_two @ contrast == pytest.approx(contrast @ on_all @ contrast)
    assert np.linalg.eigvalsh(on_two).min() > -1e-12


def test_a_model_without_a_vote_could_be_anywhere_near_the_average() -> None:
    votes = replace(some_votes(), n_models=7)
    strengths = fit(votes.scores())
    for spread in (
        fisher(votes.scores(), strengths, centre_on=range(6)),
        sandwich(votes.scores(), strengths, centre_on=range(6)),
        clustered(votes, strengths, centre_on=range(6)),
    ):
        # One virtual match alone has an information of 1/4, hence a standard error of 2; a little more, for
        # the average that it plays against is also its own.
        assert 2 < standard_errors(spread)[6] < 2 * 7 / 6


def test_more_votes_of_a_kind_narrow_every_interval() -> None:
    strengths = fit(literature.CITATION_SCORES)
    few = fisher(literature.CITATION_SCORES, strengths)
    many = fisher(4 * literature.CITATION_SCORES, strengths, prior=4)
    assert many == pytest.approx(few / 4)


def test_one_voter_alone_is_refused() -> None:
    votes = replace(some_votes(), voter=np.zeros(2000, dtype=np.int64))
    with pytest.raises(TooFewVoters):
        clustered(votes, fit(votes.scores()))


def test_unconnected_models_have_no_covariance_without_a_prior() -> None:
    votes = some_votes(n_models=2)
    one_sided = only(votes, votes.score == (votes.first == 0))
    with pytest.raises(Disconnected):
        clustered(one_sided, np.zeros(2), prior=0)
