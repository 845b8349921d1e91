import pytest
from hypothesis import given
from hypothesis import strategies as st

from science.energy import Interval, Unit, equivalents, most_telling
from science.energy.equivalents import REFERENCES

energies_wh = st.floats(min_value=1e-6, max_value=1e6).map(lambda wh: Interval(wh / 3, wh, wh * 3))


def _amount(key: str, energy_wh: float) -> tuple[float, Unit]:
    found = {
        equivalent.reference.key: equivalent for equivalent in equivalents(Interval(0, energy_wh, energy_wh))
    }
    return round(found[key].amount.mid, 2), found[key].unit


@pytest.mark.parametrize(
    ("key", "energy_wh", "amount", "unit"),
    [
        ("led", 0.12, 1.44, Unit.MINUTES),
        ("led", 0.01, 7.2, Unit.SECONDS),
        ("led", 10, 2, Unit.HOURS),
        ("phone", 1.16, 10, Unit.PERCENT),
        ("phone", 23.2, 2, Unit.CHARGES),
        ("kettle", 0.12, 1.2, Unit.MILLILITRES),
        ("kettle", 250, 2.5, Unit.LITRES),
        ("e_bike", 0.12, 12, Unit.METRES),
        ("e_bike", 25, 2.5, Unit.KILOMETRES),
        ("television", 0.12, 5.71, Unit.SECONDS),
        ("electric_car", 0.3, 2, Unit.METRES),
        ("electric_car", 300_000, 2000, Unit.KILOMETRES),
        ("home", 1_600, 2.92, Unit.HOURS),
        ("home", 300_000, 22.81, Unit.DAYS),
        ("home", 9_600_000, 2, Unit.YEARS),
    ],
)
def test_an_energy_is_given_in_a_unit_one_can_picture(
    key: str, energy_wh: float, amount: float, unit: Unit
) -> None:
    assert _amount(key, energy_wh) == (amount, unit)


def test_an_energy_below_the_smallest_unit_is_given_in_it() -> None:
    assert _amount("led", 0.0001) == (0.07, Unit.SECONDS)


def test_the_range_of_the_energy_is_the_range_of_the_amount() -> None:
    led = equivalents(Interval(0.04, 0.12, 0.36))[0]
    assert led.amount.high == pytest.approx(3 * led.amount.mid)


def test_no_energy_is_like_nothing() -> None:
    assert most_telling(Interval(0, 0, 0)) == ()


def test_every_reference_has_a_source_and_units_that_grow() -> None:
    for reference in REFERENCES:
        assert reference.source.startswith("http")
        sizes_wh = [one_wh for _, one_wh in reference.units_wh]
        assert sizes_wh == sorted(sizes_wh)


@given(energies_wh)
def test_the_most_telling_are_the_closest_to_ten(energy_wh: Interval) -> None:
    chosen = most_telling(energy_wh, 2)
    left_out = [one for one in equivalents(energy_wh) if one not in chosen]
    furthest = max(max(one.amount.mid / 10, 10 / one.amount.mid) for one in chosen)
    assert all(max(one.amount.mid / 10, 10 / one.amount.mid) >= furthest * (1 - 1e-9) for one in left_out)
