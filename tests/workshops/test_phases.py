"""The state machine alone."""

import pytest

from tests.workshops.room import scenario
from workshops.phases import (
    DUEL_PHASES,
    Position,
    next_position,
    previous_position,
    start_of,
    toggled_vote,
    with_results,
)

STEPS = scenario()


def test_next_goes_through_every_phase_of_every_step_and_stays_at_the_end() -> None:
    now, seen = start_of(STEPS, 0), []
    for _press in range(20):
        seen.append((now.step_id, now.phase))
        now = next_position(STEPS, now)
    duel = [("duel", phase) for phase in DUEL_PHASES]
    quiz = [("quiz", "question"), ("quiz", "answer")]
    assert seen[:15] == [("page", "show"), *duel, *quiz, ("debat", "show")]
    assert set(seen[15:]) == {("debat", "show")}


@pytest.mark.parametrize(
    ("phase", "toggled", "results"),
    [
        ("answers", "vote", "answers"),
        ("vote", "closed", "results"),
        ("closed", "vote", "results"),
        ("energy", "second", "energy"),
        ("second", "outcome", "outcome"),
        ("size", "size", "size"),
    ],
)
def test_the_vote_opens_and_closes_and_results_are_shown(phase: str, toggled: str, results: str) -> None:
    now = Position("duel", phase)
    assert toggled_vote(now, was_revealed=False).phase == toggled
    assert with_results(now).phase == results


def test_a_vote_whose_names_were_shown_is_not_opened_again() -> None:
    covered = Position("duel", "results")
    back = previous_position(STEPS, covered, has_round=True, was_revealed=True)
    assert back.phase == "answers"
    assert toggled_vote(back, was_revealed=True) == back
    assert next_position(STEPS, back, was_revealed=True) == covered


def test_back_goes_to_the_end_of_a_duel_that_was_played_and_to_the_beginning_of_another() -> None:
    quiz = Position("quiz", "question")
    assert previous_position(STEPS, quiz, has_round=True, was_revealed=False).phase == "outcome"
    assert previous_position(STEPS, quiz, has_round=False, was_revealed=False).phase == "prompt"
    first = start_of(STEPS, 0)
    assert previous_position(STEPS, first, has_round=False, was_revealed=False) == first
