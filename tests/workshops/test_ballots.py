"""Ballots: one per seat and kind, while the vote is open; tables, raised hands, who changed."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from duels.models import Vote
from duels.votes.vote_counting import SAME_PROMPT_PER_ADDRESS
from leaderboard.ballots.collect import collect
from leaderboard.models import Ballot
from tests.workshops.room import BEATS, DUEL, QUIZ, Room, plain
from workshops.ballot_box import count_choices, count_moves
from workshops.flows import draw_flow
from workshops.models import RoundBallot

pytestmark = pytest.mark.usefixtures("models")


def test_a_ballot_is_changed_until_the_vote_closes_and_counted_once() -> None:
    room = Room(DUEL)
    guest = room.join()
    room.play_to("vote")
    statuses = [room.vote(guest, "blind", choice) for choice in ("a", "b", "b")]
    assert statuses == [200, 200, 200]
    assert count_choices(room.round, "blind") == {"b": 1}
    room.command("vote")
    assert room.vote(guest, "blind", "a") == 409
    assert count_choices(room.round, "blind") == {"b": 1}


@pytest.mark.parametrize(
    ("kind", "choice", "status"),
    [
        ("blind", "z", 422),
        ("second", "a", 409),
        ("quiz", "1", 409),
        ("bet", "same", 200),
        ("danse", "a", 409),
    ],
)
def test_only_what_is_asked_can_be_answered(kind: str, choice: str, status: int) -> None:
    room = Room(DUEL)
    guest = room.join()
    room.play_to("vote")
    assert room.vote(guest, kind, choice) == status


def test_a_table_counts_its_heads_and_hands_are_added() -> None:
    room = Room(DUEL)
    table, alone = room.join(heads=4), room.join()
    room.play_to("vote")
    room.vote(table, "blind", "a")
    room.vote(alone, "blind", "b")
    for name in ("hands:blind:b:+5", "hands:blind:b:+1", "hands:blind:b:-1", "hands:blind:both_good:-1"):
        assert room.command(name) == 200
    assert count_choices(room.round, "blind") == {"a": 4, "b": 6, "both_good": 0}
    screen = plain(room.view("screen"))
    assert "5 sur 5 ont voté" in screen and "5 mains levées" in screen


def test_a_table_that_grows_counts_in_the_vote_that_is_open_and_no_more_in_one_that_is_closed() -> None:
    room = Room(DUEL)
    table = room.join(heads=2)
    room.play_to("vote")
    room.vote(table, "blind", "a")
    for heads in (3, 9, 0):  # 1 to 8
        room.say_heads(table, heads)
    assert count_choices(room.round, "blind") == {"a": 3}
    room.play_to("second")
    room.vote(table, "second", "b")
    room.say_heads(table, 8)
    assert count_choices(room.round, "blind") == {"a": 3}
    assert count_choices(room.round, "second") == {"b": 8}


def test_a_vote_is_shown_only_when_it_is_asked_for() -> None:
    room = Room(DUEL)
    guest = room.join()
    room.play_to("vote")
    room.vote(guest, "blind", "a")
    assert "1 sur 1 a voté" in plain(room.view("screen"))
    assert "vote-bar" not in room.view("screen") + room.view("participant")
    room.command("results")
    assert "vote-bar" in room.view("screen")


def test_who_changed_is_counted_by_heads() -> None:
    room = Room(DUEL)
    table, alone = room.join(heads=3), room.join()
    room.play_to("vote")
    room.vote(table, "blind", "a")
    room.vote(alone, "blind", "b")
    room.play_to("second")
    room.vote(table, "second", "b")
    room.vote(alone, "second", "b")
    assert count_moves(room.round) == {("a", "b"): 3, ("b", "b"): 1}
    room.command("results")
    assert "3 sur 4 ont changé d’avis." in plain(room.view("screen"))


@pytest.mark.slow
def test_without_any_device_hands_make_both_votes() -> None:
    room = Room(DUEL)
    room.play_to("vote")
    assert "Votez à main levée" in room.view("screen")
    room.command("hands:blind:a:+5")
    room.play_to("second")
    room.command("hands:second:b:+5")
    room.command("results")
    assert "A passe de 5 à 0 voix, B de 0 à 5." in plain(room.view("screen"))


def test_a_question_to_the_room_shows_its_answer_after() -> None:
    room = Room(QUIZ)
    guest = room.join()
    assert room.vote(guest, "quiz", "2") == 200
    assert "vote-right" not in room.view("screen")
    room.command("next")
    assert "vote-right" in room.view("screen")


def test_one_browser_that_joins_twice_is_one_seat_and_another_workshop_another_hash() -> None:
    room, other = Room(), Room()
    guest = Client()
    for _visit in range(2):
        for place in (room, other):
            guest.get(f"/ateliers/{place.code}/")
    assert room.workshop.seats.count() == other.workshop.seats.count() == 1
    assert room.workshop.seats.get().token_hash != other.workshop.seats.get().token_hash


def reveal_after_a_vote(room: Room) -> None:
    """A room reads for a minute, raises one hand and sees who answered."""
    room.play_to("vote")
    room.answers.update(finished_at=timezone.now() - timedelta(minutes=1))
    room.command("hands:blind:a:+1")
    room.play_to("size")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_nothing_of_a_workshop_enters_the_leaderboard_unless_it_was_allowed() -> None:
    for open_data, ballots in ((False, 0), (True, 1)):
        room = Room(DUEL, open_data=open_data)
        reveal_after_a_vote(room)
        assert room.round.duel and room.round.duel.in_open_data is open_data
        collect()
        assert Vote.objects.count() == Ballot.objects.count() == ballots


@pytest.mark.django_db(transaction=True)
def test_workshops_that_one_address_opens_in_series_cast_as_many_counted_votes_as_that_address() -> None:
    for _ in range(SAME_PROMPT_PER_ADDRESS + 2):
        reveal_after_a_vote(Room(DUEL, open_data=True))
    uncounted = list(Vote.objects.values_list("uncounted", flat=True))
    assert uncounted.count("") == SAME_PROMPT_PER_ADDRESS
    assert uncounted.count(Vote.Uncounted.SAME_PROMPT) == 2


@pytest.mark.parametrize(("blind", "second"), [({}, {"a": 1}), ({"a": 1}, {})])
def test_one_vote_alone_makes_no_picture(blind: dict[str, int], second: dict[str, int]) -> None:
    assert draw_flow(blind, second, {}) is None


def test_beats_come_in_the_order_of_the_slides() -> None:
    room = Room(DUEL)
    room.play_to("results")
    for beat in BEATS:
        room.command("next")
        assert room.phase == ("duel", beat)
    assert RoundBallot.objects.count() == 0
