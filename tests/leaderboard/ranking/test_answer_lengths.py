"""Medians from how often each length occurs."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from leaderboard.ranking.answer_lengths import weighted_median


@given(st.dictionaries(st.integers(0, 4000), st.integers(1, 40), min_size=1, max_size=40))
def test_the_median_is_that_of_the_values_written_out(times: dict[int, int]) -> None:
    values, counts = np.array(list(times)), np.array(list(times.values()))
    assert weighted_median(values, counts) == np.median(np.repeat(values, counts))
