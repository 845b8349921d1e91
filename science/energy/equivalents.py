"""Everyday uses of electricity that take the same energy."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from science.energy.interval import Interval

SECONDS_PER_HOUR = 3600
MINUTES_PER_HOUR = 60
HOURS_PER_DAY = 24
DAYS_PER_YEAR = 365


class Unit(StrEnum):
    """The units of equivalents."""

    SECONDS = "seconds"
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    YEARS = "years"
    PERCENT = "percent"
    CHARGES = "charges"
    MILLILITRES = "millilitres"
    LITRES = "litres"
    METRES = "metres"
    KILOMETRES = "kilometres"


@dataclass(frozen=True)
class ReferenceUse:
    """An everyday use of electricity, with the Wh of each of its units, smallest first."""

    key: str
    fr: str
    en: str
    units_wh: tuple[tuple[Unit, float], ...]
    source: str


@dataclass(frozen=True)
class Equivalent:
    """The amount of a reference use that takes the same energy, as an interval."""

    reference: ReferenceUse
    amount: Interval
    unit: Unit


def _running(power_w: float) -> tuple[tuple[Unit, float], ...]:
    return (
        (Unit.SECONDS, power_w / SECONDS_PER_HOUR),
        (Unit.MINUTES, power_w / MINUTES_PER_HOUR),
        (Unit.HOURS, power_w),
    )


# A full charge: 14.46 Wh over 24 hours less 22 hours of keeping it full at 0.13 W.
_PHONE_CHARGE_WH = 14.46 - 22 * 0.13
# ADEME's 187 kWh a year for 6 h 46 min a day.
_TELEVISION_W = 187_000 / (DAYS_PER_YEAR * (6 + 46 / 60))
_KETTLE_WH_PER_LITRE = 100
_E_BIKE_WH_PER_KM = 10
_ELECTRIC_CAR_WH_PER_KM = 150
# Without the heating of homes that burn gas or wood; RTE's year 2024, as the source quotes it.
_HOME_WH_PER_YEAR = 4_800_000

REFERENCES = (
    ReferenceUse(
        key="led",
        fr="une ampoule LED de 5 W",
        en="a 5 W LED bulb",
        units_wh=_running(5),
        source="https://support.leclubled.fr/portal/fr/kb/articles/tableau-de-correspondance-des-ampoules",
    ),
    ReferenceUse(
        key="phone",
        fr="la charge d’un téléphone",
        en="charging a phone",
        units_wh=((Unit.PERCENT, _PHONE_CHARGE_WH / 100), (Unit.CHARGES, _PHONE_CHARGE_WH)),
        source="https://www.epa.gov/energy/greenhouse-gases-equivalencies-calculator-calculations-and-references",
    ),
    ReferenceUse(
        key="kettle",
        fr="de l’eau portée à ébullition dans une bouilloire",
        en="water brought to the boil in a kettle",
        units_wh=((Unit.MILLILITRES, _KETTLE_WH_PER_LITRE / 1000), (Unit.LITRES, _KETTLE_WH_PER_LITRE)),
        source="https://www.bloghabitat.fr/bouilloire-electrique-et-consommation-est-elle-gourmande-en-electricite",
    ),
    ReferenceUse(
        key="e_bike",
        fr="un trajet à vélo électrique",
        en="a ride on an electric bicycle",
        units_wh=((Unit.METRES, _E_BIKE_WH_PER_KM / 1000), (Unit.KILOMETRES, _E_BIKE_WH_PER_KM)),
        source="http://www.energence.net/quid-des-velos-a-assistance-electrique/",
    ),
    ReferenceUse(
        key="television",
        fr="un téléviseur allumé",
        en="a television that is on",
        units_wh=_running(_TELEVISION_W),
        source="https://alterna-energie.fr/blog-article/consommation-electrique-tv-astuces-pour-la-reduire",
    ),
    ReferenceUse(
        key="electric_car",
        fr="un trajet en voiture électrique",
        en="a ride in an electric car",
        units_wh=((Unit.METRES, _ELECTRIC_CAR_WH_PER_KM / 1000), (Unit.KILOMETRES, _ELECTRIC_CAR_WH_PER_KM)),
        source="https://www.automobile-propre.com/dossiers/la-consommation-dune-voiture-electrique/",
    ),
    ReferenceUse(
        key="home",
        fr="toute l’électricité d’un foyer français",
        en="all the electricity of a French home",
        units_wh=(
            (Unit.HOURS, _HOME_WH_PER_YEAR / DAYS_PER_YEAR / HOURS_PER_DAY),
            (Unit.DAYS, _HOME_WH_PER_YEAR / DAYS_PER_YEAR),
            (Unit.YEARS, _HOME_WH_PER_YEAR),
        ),
        source="https://particuliers.primeo-energie.fr/2025/10/07/consommation-moyenne-electricite-foyer-france/",
    ),
)


def equivalents(energy_wh: Interval) -> tuple[Equivalent, ...]:
    """An energy in each of the references, in the largest unit of which it makes at least one."""
    return tuple(_equivalent(reference, energy_wh) for reference in REFERENCES)


def most_telling(energy_wh: Interval, count: int = 3) -> tuple[Equivalent, ...]:
    """The few equivalents whose amounts are closest to ten of something; none for no energy."""
    if not energy_wh.mid:
        return ()
    ranked = sorted(equivalents(energy_wh), key=lambda equivalent: abs(math.log10(equivalent.amount.mid) - 1))
    return tuple(ranked[:count])


def _equivalent(reference: ReferenceUse, energy_wh: Interval) -> Equivalent:
    fitting = [unit_wh for unit_wh in reference.units_wh if energy_wh.mid >= unit_wh[1]]
    unit, one_wh = fitting[-1] if fitting else reference.units_wh[0]
    return Equivalent(reference, energy_wh.times(1 / one_wh), unit)
