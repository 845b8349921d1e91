import pytest

from science.energy import (
    CLOUD,
    Hosting,
    HostingKind,
    Interval,
    estimate,
    mean_context_tokens,
    own_server,
    read_power,
    supposed_power,
    this_computer,
)
from tests.science.energy.shapes import LLAMA_70B

NAME = "physical-2026.2"


def test_the_energy_of_this_computer_is_power_times_time() -> None:
    answer = estimate(LLAMA_70B, 400, NAME, hosting=this_computer("gpu", read_power(90), 40))
    assert answer.mid_wh == pytest.approx(90 * 40 / 3600)
    assert answer.gpu_count == 0
    assert [part.name for part in answer.parts] == ["computer"]


def test_reading_the_question_is_a_part_of_the_computers_work() -> None:
    answer = estimate(LLAMA_70B, 400, NAME, hosting=this_computer("cpu", read_power(36), 100, 0.25))
    assert {part.name: part.energy_wh for part in answer.parts} == {"prompt": 0.25, "computer": 0.75}
    assert answer.reading_wh == 0.25
    with pytest.raises(ValueError, match="prompt_share"):
        this_computer(prompt_share=1.2)


def test_a_typical_or_declared_wattage_carries_a_factor_of_five() -> None:
    for hosting in (this_computer(work_seconds=10), this_computer("cpu", supposed_power(65), 10)):
        answer = estimate(LLAMA_70B, 400, NAME, hosting=hosting)
        assert answer.low_wh == pytest.approx(answer.mid_wh / 5)
        assert answer.high_wh == pytest.approx(answer.mid_wh * 5)


def test_a_computer_that_nobody_timed_takes_longer_for_more_tokens_and_more_bits() -> None:
    here = this_computer()
    once = estimate(LLAMA_70B, 100, NAME, hosting=here)
    assert estimate(LLAMA_70B, 200, NAME, hosting=here).mid_wh == pytest.approx(2 * once.mid_wh)
    assert estimate(LLAMA_70B, 100, NAME, hosting=here, tokens_in=500).mid_wh > once.mid_wh


def test_a_server_of_ones_own_is_estimated_at_its_own_load_and_cards() -> None:
    alone = estimate(LLAMA_70B, 400, NAME, hosting=own_server("H100", 8, 1))
    assert (alone.batch, alone.gpu_count) == (1, 8)
    assert alone.mid_wh > estimate(LLAMA_70B, 400, NAME).mid_wh


def test_the_first_version_knows_no_place() -> None:
    far, here = (estimate(LLAMA_70B, 400, "physical-2026", hosting=h) for h in (CLOUD, this_computer()))
    assert far.energy_wh == here.energy_wh


def test_two_clouds_are_two_places_and_one_server_is_one() -> None:
    assert not CLOUD.is_same_place(CLOUD)
    assert own_server("H100", 4, 8).is_same_place(own_server("H100", 4, 8, is_measured=True))
    assert not own_server("H100", 4, 8).is_same_place(own_server("H100", 4, 64))
    assert this_computer(work_seconds=3).is_same_place(this_computer(work_seconds=9))


def test_the_context_of_several_turns_is_weighted_by_what_was_written() -> None:
    assert mean_context_tokens([(100, 200)]) == 200
    assert mean_context_tokens([(100, 100), (300, 300)]) == (150 * 100 + 450 * 300) / 400
    assert mean_context_tokens([]) == 0


@pytest.mark.parametrize(
    ("facts", "complaint"),
    [
        ({"accelerator_count": 0}, "accelerator_count"),
        ({"simultaneous_answers": 0.5}, "simultaneous_answers"),
        ({"work_seconds": -1}, "work_seconds"),
        ({"power_w": Interval(-1, 2, 3)}, "power_w"),
    ],
)
def test_facts_of_a_place_that_cannot_be_are_refused(facts: dict, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Hosting(HostingKind.CLOUD, **facts)
