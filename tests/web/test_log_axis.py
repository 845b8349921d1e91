"""The axis holds what it is made around, in whole decades."""

from hypothesis import given
from hypothesis import strategies as st

from science.energy import Interval
from web.log_axis import Axis, Band

energies_wh = st.floats(1e-6, 1e5).map(lambda mid: Interval(mid / 3, mid, mid * 3))


def test_an_interval_has_its_place_between_decades() -> None:
    axis = Axis.around([Interval(0.1, 1.0, 10.0)])
    assert axis == Axis(-1, 1)
    assert axis.band(Interval(0.1, 1.0, 10.0)) == Band(0.0, 50.0, 100.0)


def test_ticks_are_named_with_one_digit() -> None:
    ticks = Axis(-2, 3).ticks()
    assert [place for place, _ in ticks] == [0, 20, 40, 60, 80, 100]
    names = [name.replace("\u00a0", " ") for _, name in ticks]
    assert names == ["0,01 Wh", "0,1 Wh", "1 Wh", "10 Wh", "100 Wh", "1 kWh"]


def test_without_energy_there_is_still_an_axis() -> None:
    assert Axis.around([]) == Axis.around([Interval(0, 0, 0)]) == Axis(0, 1)


@given(st.lists(energies_wh, min_size=1, max_size=5))
def test_every_band_lies_on_its_axis(energies: list[Interval]) -> None:
    axis = Axis.around(energies)
    for energy in energies:
        band = axis.band(energy)
        assert 0 <= band.low_percent <= band.mid_percent <= band.high_percent <= 100
