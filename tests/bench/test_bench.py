"""The bench reports what it has measured."""

import math
import os

import pytest

from tests.bench.accounting import taken
from tests.bench.load import Pace, Run, Seen, data_of
from tests.bench.measures import percentile, rounds_for
from tests.bench.text import TOKENS, ages_seconds, token, without_stamps, written


def test_the_text_without_its_stamps_is_the_text_of_the_models() -> None:
    sent = "".join(token(place) for place in range(3 * len(TOKENS)))
    assert without_stamps(sent) == written(3 * len(TOKENS)) != sent


def test_a_stamp_has_the_age_of_its_token() -> None:
    (age,) = ages_seconds(token(0))
    assert 0 <= age < 60


def test_percentiles_lie_between_their_neighbours() -> None:
    assert percentile([4, 1, 3, 2], 50) == 2.5
    assert percentile([7], 99) == 7
    assert percentile(range(101), 95) == 95
    assert math.isnan(percentile([], 50))


def test_few_visitors_play_more_duels() -> None:
    assert [rounds_for(visitors) for visitors in (1, 5, 100)] == [10, 3, 3]


def test_the_data_of_an_event_is_read_as_a_page_reads_it() -> None:
    assert data_of("id: 1-0\ndata: un &lt;\ndata: deux") == "un <\ndeux"


def test_every_token_and_every_fault_is_counted() -> None:
    run = Run([Seen(), Seen(fault="rien"), Seen(fault="rien")], Pace(tokens=200), wall_seconds=1)
    assert run.tokens == 1_200
    assert run.faults == {"rien": 2}


def test_a_pace_lasts_from_the_first_token_to_the_last() -> None:
    assert Pace(tokens=200, delay_ms=20, first_ms=100).seconds == pytest.approx(4.08)


def test_this_process_has_taken_time_and_memory() -> None:
    assert taken(os.getpid()).cpu_seconds > 0
    assert taken(os.getpid()).memory_mb > 1
