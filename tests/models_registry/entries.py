"""Sound entries of a catalogue, for tests to spoil."""

from dataclasses import replace
from datetime import date
from typing import get_args

from models_registry.seed.read import Fact, LicenceEntry, ModelEntry, OrganisationEntry, SourceEntry


def a_source(fact: Fact) -> SourceEntry:
    return SourceEntry(fact, "https://example.org/fiche", "Fiche", date(2026, 11, 23), checked=True)


PETIT = ModelEntry(
    slug="petit-3b",
    name="Petit 3B",
    organisation="atelier",
    licence="libre",
    release_date=date(2026, 1, 15),
    architecture="dense",
    total_params_b=3.1,
    weight_bits=16,
    description_fr="Un petit modèle.",
    description_en="A small model.",
    sources=tuple(a_source(fact) for fact in get_args(Fact)),
)
MIXTURE = replace(
    PETIT,
    slug="melange-40b",
    architecture="mixture_of_experts",
    total_params_b=40,
    active_params_b=12,
    experts_total=8,
    experts_active=2,
)
SECRET = replace(
    PETIT,
    slug="secret",
    architecture="undisclosed",
    disclosed=False,
    total_params_b=None,
    weight_bits=None,
    hypothesis_low_b=100,
    hypothesis_high_b=400,
    hypothesis_why_fr="Fuites.",
    hypothesis_why_en="Leaks.",
)
ATELIER = OrganisationEntry("atelier", "Atelier", "FR", "https://example.org")
LIBRE = LicenceEntry(
    "libre",
    "Libre",
    "https://example.org/libre",
    "open_source",
    "yes",
    "yes",
    "Tout est permis.",
    "All is allowed.",
)
