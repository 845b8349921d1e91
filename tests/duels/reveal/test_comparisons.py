"""The same energy elsewhere, and CO2 only when an electricity is named."""

import pytest

from duels.reveal.comparisons import compare_energy, unit_label
from duels.reveal.options import RevealOptions
from science.energy import Architecture, Estimate, ModelShape, Unit, electricity_mixes, estimate

LARGE, SMALL = ModelShape(Architecture.DENSE, 70.6), ModelShape(Architecture.DENSE, 3)


def both(tokens: int = 300, method: str = "physical-2026") -> list[Estimate]:
    return [estimate(LARGE, tokens, method), estimate(SMALL, tokens, method)]


def test_both_sides_are_pictured_by_the_same_two_or_three_things_with_their_source() -> None:
    shown = compare_energy(both(), RevealOptions()).shown
    assert 2 <= len(shown) <= 3
    for comparison in shown:
        assert [amount.letter for amount in comparison.amounts] == ["A", "B"]
        assert comparison.source.startswith("http")
        assert all(" à " in amount.range for amount in comparison.amounts)


def test_a_class_and_a_million_questions_are_pictured_by_two_things_each() -> None:
    shown = compare_energy(both(), RevealOptions())
    a_class, a_million = shown.many
    assert a_class.label == (
        "Une journée de classe, en supposant que 30\u00a0élèves posent chacun 10\u00a0questions"
    )
    assert a_million.label == "Un million de questions semblables"
    for group in (a_class, a_million):
        assert [len(comparison.amounts) for comparison in group.shown] == [2, 2]
        assert all(comparison.source.startswith("http") for comparison in group.shown)


def test_a_million_questions_take_a_million_times_the_energy_of_one() -> None:
    energies = both()
    (home,) = (
        comparison
        for comparison in compare_energy(energies, RevealOptions()).many[1].shown
        if "foyer" in comparison.label
    )
    days, unit = home.amounts[0].value.split("\u00a0")
    assert unit == "jours"
    expected_days = energies[0].mid_wh * 1_000_000 * 365 / 4_800_000
    assert float(days.replace("\u202f", "").replace(",", ".")) == pytest.approx(expected_days, rel=0.05)


def test_no_electricity_is_assumed() -> None:
    shown = compare_energy(both(), RevealOptions())
    assert shown.carbon is None
    assert not any(choice.chosen for choice in shown.electricities)
    assert {"France", "États-Unis", "Monde", "Pologne"} <= {choice.name for choice in shown.electricities}


def test_three_places_are_one_link_away_and_keep_the_method() -> None:
    shown = compare_energy(both(), RevealOptions(method="physical-2026", zone="USA"))
    places = [(place.name, place.chosen, place.query) for place in shown.first_places]
    assert places == [
        ("France", False, "?method=physical-2026&electricity=FRA"),
        ("États-Unis", True, "?method=physical-2026&electricity=USA"),
        ("Monde", False, "?method=physical-2026&electricity=WOR"),
    ]


def test_co2_is_the_energy_times_the_electricity_that_was_named() -> None:
    energies = both(tokens=30_000)
    mix = next(mix for mix in electricity_mixes() if mix.zone == "POL")
    shown = compare_energy(energies, RevealOptions(zone="POL"))
    assert shown.carbon is not None and "Pologne" in shown.carbon.label
    first, _ = shown.carbon.amounts
    value, unit = first.value.split("\u00a0")
    assert unit == "g"
    assert float(value.replace(",", ".")) == pytest.approx(energies[0].mid_wh * mix.co2_g_per_wh, rel=0.05)


def test_small_masses_are_in_milligrams_and_hardware_is_said_where_it_is_counted() -> None:
    plain = compare_energy(both(tokens=30), RevealOptions(zone="FRA"))
    assert plain.carbon is not None and plain.carbon.amounts[1].value.endswith("mg")
    assert not plain.counts_hardware
    assert compare_energy(both(method="ecologits-0.11.3"), RevealOptions(zone="FRA")).counts_hardware


def test_nothing_written_is_pictured_by_nothing() -> None:
    shown = compare_energy(both(tokens=0), RevealOptions())
    assert (shown.shown, shown.many) == ([], [])


def test_every_unit_has_a_name() -> None:
    assert all(unit_label(unit, 1.5) for unit in Unit)
    assert (unit_label(Unit.CHARGES, 1.5), unit_label(Unit.CHARGES, 3)) == ("charge", "charges")
    assert (unit_label(Unit.DAYS, 1.5), unit_label(Unit.DAYS, 3)) == ("jour", "jours")
    assert (unit_label(Unit.YEARS, 1.5), unit_label(Unit.YEARS, 3)) == ("an", "ans")
