"""Pairs of each mode, their sides, and the models that may stand in for a silent one."""

import random
from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duels.matchmaking import (
    NEWCOMER_BELOW_VOTES,
    NEWCOMER_WEIGHT,
    Candidate,
    Mode,
    NotEnoughModels,
    are_all_tiny,
    draw_pair,
    find_substitute,
    opponents,
    possible_modes,
)

TINY = Candidate(1, 0.135, organisation_id=1)
SMALL = Candidate(2, 8.0, organisation_id=2)
MIDDLE = Candidate(3, 24.0, organisation_id=3)
LARGE = Candidate(4, 70.6, organisation_id=2)
HUGE = Candidate(5, 671.0, organisation_id=4)
ALL = (TINY, SMALL, MIDDLE, LARGE, HUGE)

FITTING = {
    Mode.RANDOM: set(combinations((1, 2, 3, 4, 5), 2)),
    Mode.SMALL_AGAINST_LARGE: {(1, 2), (1, 3), (1, 4), (1, 5), (2, 4), (2, 5), (3, 5), (4, 5)},
    Mode.TWO_SMALL: {(1, 2), (1, 3), (2, 3)},
    Mode.SAME_FAMILY: {(2, 4)},
    Mode.CHOSEN: set(combinations((1, 2, 3, 4, 5), 2)),
}


def drawn_pairs(mode: Mode, draws: int = 400) -> set[tuple[int, int]]:
    """Every pair that came, as its two ids in order."""
    rng = random.Random(20261123)
    pairs = (draw_pair(ALL, mode, rng) for _ in range(draws))
    return {(min(a.model_id, b.model_id), max(a.model_id, b.model_id)) for a, b in pairs}


@pytest.mark.parametrize("mode", Mode)
def test_every_pair_that_fits_the_mode_is_drawn_and_no_other(mode: Mode) -> None:
    assert drawn_pairs(mode) == FITTING[mode]


@pytest.mark.parametrize("mode", Mode)
def test_sides_are_fair_over_two_thousand_draws(mode: Mode) -> None:
    rng = random.Random(7)
    left, both = Counter[int](), Counter[int]()
    for _ in range(2_000):
        a, b = draw_pair(ALL, mode, rng)
        left[a.model_id] += 1
        both.update((a.model_id, b.model_id))
    for model_id, draws in both.items():
        five_deviations = 5 * (draws / 4) ** 0.5  # a fair toss strays further once in a million times
        assert abs(left[model_id] - draws / 2) < five_deviations


def test_at_random_each_model_plays_about_as_often() -> None:
    rng = random.Random(11)
    plays = Counter(one.model_id for _ in range(2_000) for one in draw_pair(ALL, Mode.RANDOM, rng))
    assert all(700 < plays[candidate.model_id] < 900 for candidate in ALL)


@given(sizes_b=st.lists(st.floats(0.1, 2_000), min_size=1, max_size=8), seed=st.integers(0, 2**32))
def test_small_against_large_keeps_its_ratio_whatever_the_sizes(sizes_b: list[float], seed: int) -> None:
    candidates = [Candidate(number, size_b) for number, size_b in enumerate(sizes_b)]
    if max(sizes_b) / min(sizes_b) < 4:
        with pytest.raises(NotEnoughModels):
            draw_pair(candidates, Mode.SMALL_AGAINST_LARGE, random.Random(seed))
    else:
        a, b = draw_pair(candidates, Mode.SMALL_AGAINST_LARGE, random.Random(seed))
        assert max(a.size_b, b.size_b) / min(a.size_b, b.size_b) >= 4


def test_a_ratio_of_four_is_enough_and_35_billions_are_not_small() -> None:
    four_times = [Candidate(1, 8.0), Candidate(2, 32.0)]
    assert possible_modes(four_times) >= {Mode.SMALL_AGAINST_LARGE, Mode.TWO_SMALL}
    assert Mode.TWO_SMALL not in possible_modes([Candidate(1, 8.0), Candidate(2, 35.0)])


def test_a_chosen_model_meets_one_that_is_drawn() -> None:
    rng = random.Random(3)
    met = set()
    for _ in range(200):
        pair = draw_pair(ALL, Mode.CHOSEN, rng, [MIDDLE])
        assert MIDDLE in pair
        met |= set(pair) - {MIDDLE}
    assert met == set(ALL) - {MIDDLE}


def test_two_chosen_models_meet_and_their_sides_are_tossed() -> None:
    rng = random.Random(3)
    orders = Counter(draw_pair(ALL, Mode.CHOSEN, rng, [TINY, HUGE]) for _ in range(2_000))
    assert set(orders) == {(TINY, HUGE), (HUGE, TINY)}
    assert all(880 < times < 1_120 for times in orders.values())


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("candidates", [(), (SMALL,)])
def test_fewer_than_two_models_make_no_duel(candidates: tuple[Candidate, ...], mode: Mode) -> None:
    assert possible_modes(candidates) == set()
    with pytest.raises(NotEnoughModels):
        draw_pair(candidates, mode, random.Random(1))


def test_only_the_modes_that_can_be_played_are_possible() -> None:
    assert possible_modes([MIDDLE, LARGE]) == {Mode.RANDOM, Mode.CHOSEN}
    assert possible_modes([SMALL, LARGE]) == set(Mode) - {Mode.TWO_SMALL}
    assert possible_modes(ALL) == set(Mode)


def test_no_model_meets_itself() -> None:
    assert SMALL not in opponents(ALL, Mode.SAME_FAMILY, SMALL)


@pytest.mark.parametrize(
    ("mode", "silent", "other", "expected"),
    [
        (Mode.RANDOM, LARGE, TINY, MIDDLE),  # 24 is nearer to 70.6, as a ratio, than 8 or 671
        (Mode.SMALL_AGAINST_LARGE, LARGE, MIDDLE, HUGE),
        (Mode.TWO_SMALL, SMALL, TINY, MIDDLE),
        (Mode.SAME_FAMILY, SMALL, LARGE, None),
        (Mode.CHOSEN, LARGE, TINY, None),
    ],
)
def test_who_stands_in_keeps_the_mode(
    mode: Mode, silent: Candidate, other: Candidate, expected: Candidate | None
) -> None:
    assert find_substitute(ALL, mode, silent, other) == expected


def test_the_pages_warn_when_only_tiny_models_can_be_drawn() -> None:
    assert are_all_tiny([TINY])
    assert not are_all_tiny([TINY, SMALL])
    assert not are_all_tiny([])


def test_a_newcomer_is_drawn_more_often_until_it_has_its_votes() -> None:
    known = [Candidate(number, 8.0, votes=NEWCOMER_BELOW_VOTES) for number in range(3)]
    newcomer = Candidate(99, 8.0, votes=NEWCOMER_BELOW_VOTES - 1)
    rng = random.Random(7)
    drawn = Counter(
        one.model_id for _ in range(6_000) for one in draw_pair([*known, newcomer], Mode.RANDOM, rng)
    )
    # First with a chance of 3 in 6; second, after one of the others, with 3 in 5.
    assert drawn[99] / 6_000 == pytest.approx(1 / 2 + 1 / 2 * 3 / 5, abs=0.02)
    assert drawn[0] / 6_000 == pytest.approx((2 - 0.8) / 3, abs=0.02)


def test_among_newcomers_no_model_is_preferred() -> None:
    assert {Candidate(1, 8.0).weight, Candidate(2, 70.0, votes=10).weight} == {NEWCOMER_WEIGHT}
