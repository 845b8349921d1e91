"""CO2 of an answer, only ever with a named electricity mix."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from science.energy.estimate import Estimate
from science.energy.interval import Interval

# EcoLogits 0.11.3 takes the CO2 of each country's electricity from Our World in Data.
MIX_SOURCE = "https://github.com/mlco2/ecologits/blob/0.11.3/ecologits/data/electricity_mixes.json"

# ISO 3166-1 alpha-3 codes, and EcoLogits' WOR for the world: France, the European Union, the USA, the world.
ZONES = {
    "FRA": ("France", "France"),
    "DEU": ("Allemagne", "Germany"),
    "AUT": ("Autriche", "Austria"),
    "BEL": ("Belgique", "Belgium"),
    "BGR": ("Bulgarie", "Bulgaria"),
    "CYP": ("Chypre", "Cyprus"),
    "HRV": ("Croatie", "Croatia"),
    "DNK": ("Danemark", "Denmark"),
    "ESP": ("Espagne", "Spain"),
    "EST": ("Estonie", "Estonia"),
    "FIN": ("Finlande", "Finland"),
    "GRC": ("Grèce", "Greece"),
    "HUN": ("Hongrie", "Hungary"),
    "IRL": ("Irlande", "Ireland"),
    "ITA": ("Italie", "Italy"),
    "LVA": ("Lettonie", "Latvia"),
    "LTU": ("Lituanie", "Lithuania"),
    "LUX": ("Luxembourg", "Luxembourg"),
    "MLT": ("Malte", "Malta"),
    "NLD": ("Pays-Bas", "Netherlands"),
    "POL": ("Pologne", "Poland"),
    "PRT": ("Portugal", "Portugal"),
    "ROU": ("Roumanie", "Romania"),
    "SVK": ("Slovaquie", "Slovakia"),
    "SVN": ("Slovénie", "Slovenia"),
    "SWE": ("Suède", "Sweden"),
    "CZE": ("Tchéquie", "Czechia"),
    "USA": ("États-Unis", "United States"),
    "WOR": ("Monde", "World"),
}


@dataclass(frozen=True)
class ElectricityMix:
    """The electricity of a country or of the world; co2_g_per_wh counts all greenhouse gases as CO2."""

    zone: str
    fr: str
    en: str
    co2_g_per_wh: float


@dataclass(frozen=True)
class Carbon:
    """Grams of CO2 of an answer: of its electricity, and of its hardware where the method counts it."""

    mix: ElectricityMix
    electricity_g: Interval
    hardware_g: Interval | None

    @property
    def total_g(self) -> Interval:
        """Electricity and, where counted, hardware."""
        return self.electricity_g if self.hardware_g is None else self.electricity_g.plus(self.hardware_g)


@cache
def electricity_mixes() -> tuple[ElectricityMix, ...]:
    """The mixes a reader may choose from, France first."""
    # Imported here because it takes longer than everything else this package does.
    from ecologits.electricity_mix_repository import electricity_mixes as known

    factors = {mix.zone: mix.gwp for mix in known.list_electricity_mixes()}  # kg per kWh is g per Wh
    return tuple(ElectricityMix(zone, fr, en, factors[zone]) for zone, (fr, en) in ZONES.items())


def mix_named(zone: str) -> ElectricityMix:
    """The mix of a zone; raises ValueError with the list of known ones."""
    for mix in electricity_mixes():
        if mix.zone == zone:
            return mix
    raise ValueError(f"unknown electricity mix {zone!r}; known ones: {', '.join(ZONES)}")


def carbon(estimate: Estimate, zone: str) -> Carbon:
    """The CO2 of an answer if its electricity came from the mix of that zone."""
    mix = mix_named(zone)
    return Carbon(mix, estimate.energy_wh.times(mix.co2_g_per_wh), estimate.hardware_co2_g)
