import pytest
from ecologits.electricity_mix_repository import electricity_mixes as known_mixes

from science.energy import carbon, electricity_mixes, estimate
from tests.science.energy.shapes import LLAMA_70B


def test_the_reader_may_choose_france_the_european_union_the_usa_and_the_world() -> None:
    zones = [mix.zone for mix in electricity_mixes()]
    assert zones[0] == "FRA"
    assert zones[-2:] == ["USA", "WOR"]
    assert len(zones) == len(set(zones)) == 27 + 2


def test_each_mix_is_the_one_of_ecologits() -> None:
    for mix in electricity_mixes():
        theirs = known_mixes.find_electricity_mix(mix.zone)
        assert theirs is not None
        assert mix.co2_g_per_wh == theirs.gwp


def test_the_co2_of_the_electricity_is_the_energy_times_the_mix() -> None:
    answer = estimate(LLAMA_70B, 312, "physical-2026")
    found = carbon(answer, "FRA")
    assert found.mix.fr == "France"
    assert round(found.electricity_g.mid, 5) == 0.00513  # 0.123732 Wh * 0.04144 g/Wh
    assert found.hardware_g is None
    assert found.total_g == found.electricity_g


def test_ecologits_adds_the_co2_of_the_hardware() -> None:
    answer = estimate(LLAMA_70B, 312, "ecologits-0.11.3")
    found = carbon(answer, "WOR")
    assert found.hardware_g == answer.hardware_co2_g
    assert found.total_g.mid > found.electricity_g.mid


def test_an_unknown_mix_is_refused() -> None:
    with pytest.raises(ValueError, match="'MARS'; known ones: FRA"):
        carbon(estimate(LLAMA_70B, 1), "MARS")
