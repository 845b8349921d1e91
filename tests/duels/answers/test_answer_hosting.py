"""Where an answer was made, from what is stored with it."""

from typing import Any

import pytest

from backends.metering import Reading
from duels.answers.answer_hosting import hosting_fields, served_shape, stored_hosting
from duels.models import Answer
from models_registry.models import Endpoint
from science.energy import CLOUD, own_server, read_power, supposed_power, this_computer
from tests import cast


def answer_at(hosting: dict[str, Any], tokens_out: int = 100) -> Answer:
    return Answer(side="a", tokens_out=tokens_out, hosting=hosting)


HERE = {"kind": "this_computer", "processor": "cpu"}
TIMED = {"elapsed_seconds": 5.0, "shared_seconds": 5.0, "writing_seconds": 4.0}
WORKED = TIMED | {"processor_seconds": 3.0, "work_seconds": 3.0}


def test_an_answer_of_before_was_made_in_a_cloud() -> None:
    assert stored_hosting([answer_at({})]) is CLOUD
    assert stored_hosting([answer_at({"kind": "cloud"})]) == CLOUD


def test_a_server_is_read_back_as_its_curator_said() -> None:
    facts = {"accelerator": "L40S", "accelerator_count": 2, "simultaneous_answers": 12}
    stored = answer_at({"kind": "own_server", **facts, "load_is_measured": True})
    assert stored_hosting([stored]) == own_server("L40S", 2, 12, is_measured=True)
    assert stored_hosting([answer_at({"kind": "own_server"})]) == own_server()


@pytest.mark.parametrize(
    ("facts", "power_w", "seconds"),
    [
        ({}, None, None),
        (WORKED, None, 3),
        (TIMED, None, 4),  # from the first to the last token
        (TIMED | {"shared_seconds": 2.5}, None, 2),  # another answer was written meanwhile
        (WORKED | {"power_watts": 60}, supposed_power(60), 3),
        (WORKED | {"power_watts": 60, "energy_j": 45.0}, read_power(15), 3),
        (TIMED | {"energy_j": 100.0}, read_power(20), 4),
    ],
)
def test_this_computer_has_the_power_and_the_time_that_are_known(
    facts: dict[str, Any], power_w: Any, seconds: float | None
) -> None:
    assert stored_hosting([answer_at(HERE | facts)]) == this_computer("cpu", power_w, seconds)


def test_turns_add_up_and_one_without_a_meter_counts_like_the_others() -> None:
    turns = [answer_at(HERE | WORKED), answer_at(HERE | WORKED, 200), answer_at(HERE, 100)]
    assert stored_hosting(turns).work_seconds == pytest.approx(8)


def test_a_side_was_made_where_most_of_it_was_written() -> None:
    assert stored_hosting([answer_at({"kind": "cloud"}, 900), answer_at(HERE | WORKED, 100)]) is not None
    assert stored_hosting([answer_at({"kind": "cloud"}, 900), answer_at(HERE | WORKED, 100)]).is_cloud


@pytest.mark.django_db
def test_what_was_metered_and_the_precision_of_the_file_are_stored() -> None:
    model = cast.petit_3b()
    Endpoint.objects.update(hosting="this_computer", served_bits=4, power_watts=35)
    endpoint = Endpoint.objects.get()
    reading = Reading(False, 1, 4.00004, 2.0, processor_seconds=2.5, work_seconds=1.25)
    stored = hosting_fields(endpoint, reading, 3.5)["hosting"]
    assert stored == {
        "kind": "this_computer",
        "processor": "cpu",
        "power_watts": 35.0,
        "served_bits": 4.0,
        "writing_seconds": 3.5,
        "elapsed_seconds": 4.0,
        "shared_seconds": 2.0,
        "processor_seconds": 2.5,
        "work_seconds": 1.25,
    }
    assert served_shape(model, endpoint).weight_bits == 4
    assert served_shape(model, None).weight_bits == 16


@pytest.mark.parametrize(
    ("shared_seconds", "writing_seconds"), [(0.0, 0.05), (-0.001, 0.05), (0.1, -0.01), (0.1, 0.0)]
)
def test_work_shorter_than_a_clock_can_tell_is_not_known(
    shared_seconds: float, writing_seconds: float
) -> None:
    facts = {"kind": "this_computer", "elapsed_seconds": 0.1, "work_seconds": 0.0}
    facts |= {"shared_seconds": shared_seconds, "writing_seconds": writing_seconds}
    assert stored_hosting([Answer(hosting=facts, tokens_out=3)]).work_seconds is None
