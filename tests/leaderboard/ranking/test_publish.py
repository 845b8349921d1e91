"""Snapshots: published when votes have changed, honest about few votes, stable, and thinned out with time."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from duels.models import Answer, SecondVote, VoteComment, VoteCount
from duels.votes.voting import cast_second_vote
from leaderboard.models import OWN_SCOPE, Ballot, Row, Snapshot
from leaderboard.ranking.publish import compute_due, prune_snapshots
from leaderboard.tasks import compute_leaderboard
from models_registry.models import LanguageModel
from tests import cast
from tests.leaderboard.sample_ballots import (
    FIRST,
    SECOND,
    TIE,
    add_ballots,
    an_arena_with_votes,
    three_models,
)

pytestmark = pytest.mark.django_db


def rows() -> dict[str, Row]:
    """The rows of the newest snapshot, by slug."""
    newest = Snapshot.objects.all()[0]
    return {row.model.slug: row for row in newest.rows.select_related("model")}


def test_a_snapshot_says_who_is_good_with_its_doubt() -> None:
    an_arena_with_votes()
    snapshot = compute_due()[0]
    published = rows()
    large, small = published["grand-70b"], published["petit-3b"]
    assert (snapshot.n_votes, snapshot.outcomes) == (
        900,
        {"first": 310, "second": 430, "tie": 140, "both_bad": 20},
    )
    assert large.points > 1000 > small.points
    assert large.points_low < large.points < large.points_high
    assert (large.best_rank, small.worst_rank) == (1, 3)
    assert large.beats_average > 0.5 > small.beats_average
    assert sum(row.points for row in published.values()) == pytest.approx(3000)
    assert not snapshot.ranked_below_threshold


def test_energy_is_stored_with_its_method_and_its_range() -> None:
    an_arena_with_votes()
    snapshot = compute_due()[0]
    row = rows()["grand-70b"]
    assert (snapshot.energy_method, snapshot.energy_version != "") == ("physical-2026.2", True)
    assert 0 < row.wh_per_1000_low < row.wh_per_1000_mid < row.wh_per_1000_high
    assert row.wh_per_answer_mid is None and row.frontier_per_answer is None


def test_the_frugal_and_the_best_are_on_the_frontier() -> None:
    an_arena_with_votes()
    compute_due()
    chances = {slug: row.frontier_per_1000 for slug, row in rows().items()}
    assert chances["petit-3b"] > 0.95
    assert 0 <= min(chances.values()) <= max(chances.values()) <= 1


def test_the_length_of_an_answer_is_measured_here_once_there_are_enough() -> None:
    small, large, _ = an_arena_with_votes()
    for number in range(10):
        cast.vote(cast.make_duel(small, large))
        Answer.objects.filter(model=small, tokens_out__lt=100).update(
            tokens_out=100 + number, reasoning_tokens=50
        )
    compute_due()
    row = rows()["petit-3b"]
    assert row.median_tokens == 154.5
    assert row.wh_per_answer_mid == pytest.approx(row.wh_per_1000_mid * 0.1545)


def test_nothing_is_published_again_until_a_vote_comes() -> None:
    small, large, _ = three_models()
    assert compute_due() == []
    add_ballots(small, large, {FIRST: 2})
    assert len(compute_due()) == 1
    assert compute_due() == []
    assert len(compute_due(force=True)) == 1
    add_ballots(small, large, {TIE: 1})
    assert len(compute_due()) == 1


def test_what_else_it_shows_is_published_again_when_it_changes() -> None:
    small, large = cast.petit_3b(), cast.grand_70b()
    duel = cast.make_duel(small, large)
    cast.vote(duel, "a")
    assert len(compute_due()) == 1
    assert compute_due() == []
    LanguageModel.objects.filter(pk=large.pk).update(total_params_b=71.2)
    assert len(compute_due()) == 1
    cast_second_vote(duel, "b")
    assert len(compute_due()) == 1
    VoteComment.objects.create(vote=duel.vote, side="a", reasons=["clear"])
    assert len(compute_due()) == 1
    assert rows()["petit-3b"].reasons == {"clear": 1}
    cast.melange_117b()  # stands in no row
    assert compute_due() == []


def test_under_the_threshold_everybody_is_compared_and_it_is_said() -> None:
    small, large, _ = three_models()
    add_ballots(small, large, {FIRST: 20, SECOND: 10})
    assert compute_due()[0].ranked_below_threshold
    assert {row.standing for row in rows().values()} == {Row.Standing.UNLISTED}
    assert rows()["petit-3b"].best_rank == 1


def test_a_newcomer_is_scored_but_not_ranked_among_the_listed() -> None:
    an_arena_with_votes()
    newcomer = cast.secret()
    add_ballots(LanguageModel.objects.get(slug="petit-3b"), newcomer, {SECOND: 5})
    compute_due()
    newcomer_row = rows()["secret-1"]
    assert (newcomer_row.best_rank, newcomer_row.frontier_per_1000, newcomer_row.standing) == (
        None,
        None,
        Row.Standing.UNLISTED,
    )
    assert newcomer_row.points_high - newcomer_row.points_low > 200
    listed = [row.points for slug, row in rows().items() if slug != "secret-1"]
    assert sum(listed) == pytest.approx(3000)


def test_standings_change_at_300_and_at_1000_votes() -> None:
    votes = {299: "unlisted", 300: "preliminary", 999: "preliminary", 1000: "established"}
    assert {number: Row(votes=number).standing.value for number in votes} == votes


def test_one_voter_alone_gives_counts_but_no_score() -> None:
    small, large, _ = three_models()
    add_ballots(small, large, {FIRST: 3})
    Ballot.objects.update(voter=1)
    compute_due()
    assert rows()["petit-3b"].points is None
    assert rows()["petit-3b"].votes == 3


def test_a_longer_answer_is_worth_less_at_equal_style() -> None:
    small, large, _ = three_models()
    add_ballots(small, large, {SECOND: 80, FIRST: 30}, length_difference=-0.5, markdown_difference=-0.2)
    add_ballots(small, large, {SECOND: 20, FIRST: 25}, length_difference=0.1, markdown_difference=0.3)
    add_ballots(small, large, {SECOND: 20, FIRST: 24}, length_difference=0.2, markdown_difference=-0.1)
    snapshot = compute_due()[0]
    assert set(snapshot.style) == {"length", "markdown", "side"}
    assert rows()["grand-70b"].style_points < rows()["grand-70b"].points


def test_style_that_never_varies_gives_no_score_at_equal_style() -> None:
    small, large, _ = three_models()
    add_ballots(small, large, {FIRST: 5, SECOND: 5}, length_difference=0.0, markdown_difference=0.0)
    assert compute_due()[0].style == {}


def test_votes_of_duels_reach_the_page_through_collection() -> None:
    duel = cast.make_duel(cast.petit_3b(), cast.grand_70b())
    cast.vote(duel)
    compute_leaderboard()
    assert Snapshot.objects.get().n_votes == 1


def test_the_votes_of_each_model_are_counted_for_the_choice_of_pairs() -> None:
    small, _, _ = an_arena_with_votes()
    compute_due()
    assert VoteCount.objects.get(model=small).votes == 600


def test_what_the_reveal_changes_is_stored() -> None:
    small, large = cast.petit_3b(), cast.grand_70b()
    for blind, second in (("b", "a"), ("b", "a"), ("b", "b"), ("a", "either")):
        duel = cast.make_duel(small, large)
        cast.vote(duel, blind)
        SecondVote.objects.create(duel=duel, choice=second)
    snapshot = compute_due()[0]
    assert snapshot.shift["hungry"] == {"frugal": 2, "hungry": 1, "other": 0}
    assert snapshot.shift["frugal"] == {"frugal": 0, "hungry": 0, "other": 1}
    assert rows()["petit-3b"].shift == {"duels": 4, "blind_share": 0.25, "second_share": 0.625}
    assert rows()["grand-70b"].shift == {"duels": 4, "blind_share": 0.75, "second_share": 0.375}


def test_of_past_days_the_last_snapshot_stays() -> None:
    now = timezone.now().replace(hour=12)
    for hours in (1, 2, 24 * 10, 24 * 10 + 1, 24 * 10 + 2, 24 * 12):
        snapshot = Snapshot.objects.create(scope=OWN_SCOPE, n_votes=hours)
        Snapshot.objects.filter(pk=snapshot.pk).update(computed_at=now - timedelta(hours=hours))
    prune_snapshots(now)
    assert sorted(Snapshot.objects.values_list("n_votes", flat=True)) == [1, 2, 240, 288]


def test_the_command_says_what_it_published() -> None:
    an_arena_with_votes()
    printed = StringIO()
    call_command("compute_leaderboard", stdout=printed)
    call_command("compute_leaderboard", stdout=printed)
    assert printed.getvalue().splitlines() == [
        "conso-duel\xa0: 900 votes, 3 modèles.",
        "Rien de nouveau depuis le dernier classement.",
    ]
