"""Everyday uses of the same energy, and its CO2 once the reader has named an electricity."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext

from duels.reveal.options import RevealOptions
from duels.reveal.ratio_labels import format_2_digits
from science.energy import (
    ElectricityMix,
    Equivalent,
    Estimate,
    Interval,
    Unit,
    carbon,
    electricity_mixes,
    equivalents,
    most_telling,
)
from science.energy.carbon import MIX_SOURCE
from web.formatting import format_int, localized

MG_PER_G = 1000
FIRST_PLACES = ("FRA", "USA", "WOR")
PUPILS, QUESTIONS_A_DAY = 30, 10  # assumed
MANY = 1_000_000


@dataclass(frozen=True, slots=True)
class Amount:
    """One side in the unit of a comparison: middle and range."""

    letter: str
    value: str
    range: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """A familiar use of electricity with its source, and both sides in its unit."""

    label: str
    source: str
    amounts: list[Amount]


@dataclass(frozen=True, slots=True)
class ManyQuestions:
    """The comparisons of as many questions as the label says."""

    label: str
    shown: list[Comparison]


@dataclass(frozen=True, slots=True)
class ElectricityOption:
    """One electricity mix of the select; query: the end of the address that chooses it."""

    zone: str
    name: str
    chosen: bool
    query: str


@dataclass(frozen=True, slots=True)
class EnergyComparisons:
    """The comparisons shown, and the mixes to choose from; carbon is None until one is chosen.

    shown: of one answer. many: of a class for a day, then of a million questions; empty with `shown`.
    first_places: the mixes that one link chooses.
    """

    shown: list[Comparison]
    many: list[ManyQuestions]
    electricities: list[ElectricityOption]
    first_places: list[ElectricityOption]
    carbon: Comparison | None
    counts_hardware: bool


def compare_energy(estimates: Sequence[Estimate], options: RevealOptions) -> EnergyComparisons:
    """Both sides in two or three familiar uses of electricity."""
    mixes = electricity_mixes()
    chosen = next((mix for mix in mixes if mix.zone == options.zone), None)
    offered = [
        ElectricityOption(mix.zone, _name(mix), mix is chosen, replace(options, zone=mix.zone).query)
        for mix in mixes
    ]
    energies_wh = [energy.energy_wh for energy in estimates]
    return EnergyComparisons(
        shown=_comparisons(energies_wh),
        many=_many_questions(energies_wh),
        electricities=offered,
        first_places=[option for option in offered if option.zone in FIRST_PLACES],
        carbon=_carbon(estimates, chosen) if chosen else None,
        counts_hardware=any(energy.hardware_co2_g is not None for energy in estimates),
    )


def _many_questions(energies_wh: Sequence[Interval]) -> list[ManyQuestions]:
    """Two comparisons for each number of questions; none where nothing was written."""
    counts = {"pupils": format_int(PUPILS), "questions": format_int(QUESTIONS_A_DAY)}
    in_class = _(
        "Une journée de classe, en supposant que %(pupils)s élèves posent chacun %(questions)s questions"
    )
    asked = {
        PUPILS * QUESTIONS_A_DAY: in_class % counts,
        MANY: _("Un million de questions semblables"),
    }
    groups = [
        ManyQuestions(label, _comparisons([energy_wh.times(count) for energy_wh in energies_wh], most=2))
        for count, label in asked.items()
    ]
    return [group for group in groups if group.shown]


def _comparisons(energies_wh: Sequence[Interval], most: int = 3) -> list[Comparison]:
    """The same references for both sides: the most telling ones for the geometric mean of their energies."""
    written = [energy_wh.mid for energy_wh in energies_wh if energy_wh.mid]
    if not written:
        return []
    between_wh = math.exp(sum(map(math.log, written)) / len(written))
    shown = most_telling(Interval(between_wh, between_wh, between_wh), most)
    by_key = [{one.reference.key: one for one in equivalents(energy_wh)} for energy_wh in energies_wh]
    return [
        Comparison(
            label=localized(one.reference.fr, one.reference.en),
            source=one.reference.source,
            amounts=[
                _amount(letter, found[one.reference.key]) for letter, found in zip("AB", by_key, strict=True)
            ],
        )
        for one in shown
    ]


def _amount(letter: str, equivalent: Equivalent) -> Amount:
    amount = equivalent.amount
    unit = unit_label(equivalent.unit, amount.mid)
    return Amount(letter, f"{format_2_digits(amount.mid)} {unit}", _range(amount))


def _range(amount: Interval) -> str:
    """Both ends; nothing when they are written alike."""
    low, high = format_2_digits(amount.low), format_2_digits(amount.high)
    return _("%(low)s à %(high)s") % {"low": low, "high": high} if low != high else ""


def unit_label(unit: Unit, amount: float) -> str:
    """The unit as it stands after an amount."""
    if unit is Unit.CHARGES:
        return ngettext("charge", "charges", 1 if amount < 2 else 2)
    if unit is Unit.DAYS:
        return npgettext("amount", "jour", "jours", 1 if amount < 2 else 2)
    if unit is Unit.YEARS:
        return ngettext("an", "ans", 1 if amount < 2 else 2)
    return {
        Unit.SECONDS: "s",
        Unit.MINUTES: "min",
        Unit.HOURS: "h",
        Unit.PERCENT: "%",
        Unit.MILLILITRES: "mL",
        Unit.LITRES: "L",
        Unit.METRES: "m",
        Unit.KILOMETRES: "km",
    }[unit]


def _name(mix: ElectricityMix) -> str:
    return localized(mix.fr, mix.en)


def _carbon(estimates: Sequence[Estimate], mix: ElectricityMix) -> Comparison:
    """Grams of CO2 of both sides, had they run on that electricity."""
    label = _("CO₂e, avec cette électricité : %(mix)s") % {"mix": _name(mix)}
    found = [carbon(energy, mix.zone).total_g.times(MG_PER_G) for energy in estimates]
    amounts = [_mass(letter, co2_mg) for letter, co2_mg in zip("AB", found, strict=True)]
    return Comparison(label, MIX_SOURCE, amounts)


def _mass(letter: str, co2_mg: Interval) -> Amount:
    """In grams from one gram on, in milligrams below."""
    if co2_mg.mid >= MG_PER_G:
        co2_g = co2_mg.times(1 / MG_PER_G)
        return Amount(letter, f"{format_2_digits(co2_g.mid)} g", _range(co2_g))
    return Amount(letter, f"{format_2_digits(co2_mg.mid)} mg", _range(co2_mg))
