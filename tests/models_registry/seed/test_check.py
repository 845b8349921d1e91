"""Errors of single entries and of a whole catalogue."""

from dataclasses import replace
from datetime import date
from typing import get_args

import pytest

from models_registry.seed.check import check_catalogue, check_entry
from models_registry.seed.read import (
    Catalogue,
    Fact,
    LicenceEntry,
    ModelEntry,
    OrganisationEntry,
    SourceEntry,
)
from tests.models_registry.entries import ATELIER, LIBRE, MIXTURE, PETIT, SECRET


@pytest.mark.parametrize("model", [PETIT, MIXTURE, SECRET], ids=lambda model: model.slug)
def test_a_sound_entry_has_no_fault(model: ModelEntry) -> None:
    assert check_entry(model) == []


@pytest.mark.parametrize("fact", get_args(Fact))
def test_an_entry_without_a_source_is_refused(fact: Fact) -> None:
    rest = tuple(source for source in PETIT.sources if source.fact != fact)
    assert len(check_entry(replace(PETIT, sources=rest))) == 1


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (replace(MIXTURE, active_params_b=41), "ne peuvent pas dépasser le total"),
        (replace(MIXTURE, active_params_b=None), "paramètres actifs par jeton"),
        (replace(MIXTURE, experts_active=9), "Plus d’experts par jeton"),
        (replace(MIXTURE, experts_total=None), "les deux nombres d’experts"),
        (replace(MIXTURE, effective_params_b=4), "ne concerne que les MatFormer"),
        (replace(MIXTURE, total_params_b=None, active_params_b=6), "nombre total"),
        (replace(PETIT, architecture="matformer"), "besoin de sa taille effective"),
        (replace(PETIT, architecture="matformer", effective_params_b=4), "ne peut pas dépasser le total"),
        (replace(PETIT, active_params_b=1), "tous les paramètres sont actifs"),
        (replace(PETIT, experts_total=8, experts_active=2), "Un modèle dense n’a pas d’experts"),
        (replace(PETIT, total_params_b=-3), "doit être positif"),
        (replace(PETIT, architecture="undisclosed"), "L’architecture n’est pas communiquée"),
        (replace(PETIT, hypothesis_low_b=1, hypothesis_high_b=5), "pas d’hypothèse à faire"),
        (replace(PETIT, release_precision="month"), "premier du mois"),
        (replace(PETIT, tokenizer_family="inconnue"), "découpage en jetons"),
        (replace(PETIT, description_en=""), "description absente"),
        (replace(PETIT, good_to_know_fr="Rapide."), "une seule langue"),
        (replace(PETIT, slug="Petit 3B"), "identifiant mal formé"),
        (replace(SECRET, hypothesis_low_b=None), "fourchette de l’hypothèse"),
        (replace(SECRET, hypothesis_low_b=500), "doit être supérieur au bas"),
        (replace(SECRET, hypothesis_low_b=400), "doit être supérieur au bas"),
        (replace(SECRET, hypothesis_why_fr=""), "Dites sur quoi repose"),
        (replace(SECRET, hypothesis_why_en=""), "sans explication en anglais"),
        (replace(SECRET, total_params_b=200), "pas un seul nombre"),
        (replace(SECRET, architecture="mixture_of_experts"), "besoin d’une fourchette de taille active"),
        (replace(SECRET, hypothesis_active_low_b=10), "les deux bouts de la fourchette"),
        (replace(SECRET, hypothesis_active_low_b=10, hypothesis_active_high_b=500), "taille totale supposée"),
    ],
)
def test_an_entry_that_contradicts_itself_is_refused(entry: ModelEntry, words: str) -> None:
    assert any(words in fault for fault in check_entry(entry))


@pytest.mark.parametrize(
    "source",
    [
        SourceEntry("size", "http://example.org", "Fiche"),
        SourceEntry("size", "https://example.org", ""),
        SourceEntry("size", "https://example.org", "Fiche", checked=True),
        SourceEntry("size", "https://example.org", "Fiche", read_on=date(2026, 11, 23)),
        SourceEntry("weather", "https://example.org", "Fiche"),  # type: ignore[arg-type]
    ],
)
def test_a_source_that_cannot_be_trusted_is_refused(source: SourceEntry) -> None:
    assert len(check_entry(replace(PETIT, sources=(*PETIT.sources, source)))) == 1


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (replace(ATELIER, country="France"), "pays inconnu"),
        (replace(ATELIER, name=""), "nom absent"),
        (replace(ATELIER, site=""), "lien absent"),
        (replace(LIBRE, licence_class="gratuite"), "classe de licence"),  # type: ignore[arg-type]
        (replace(LIBRE, sentence_en=""), "phrase de licence absente"),
    ],
)
def test_a_faulty_organisation_or_licence_is_refused(
    entry: OrganisationEntry | LicenceEntry, words: str
) -> None:
    assert any(words in fault for fault in check_entry(entry))


@pytest.mark.parametrize(
    ("models", "words"),
    [
        ((replace(PETIT, organisation="personne"),), "organisation inconnue"),
        ((replace(PETIT, licence="aucune"),), "licence inconnue"),
        ((replace(PETIT, weight_bits=None),), "précision absente"),
        ((PETIT, PETIT), "donné deux fois"),
        ((PETIT, replace(MIXTURE, aliases=("Petit-3B",))), "donné deux fois"),
        ((replace(PETIT, aliases=("p3",)), replace(MIXTURE, aliases=("P3",))), "donné deux fois"),
    ],
)
def test_a_catalogue_that_does_not_hold_together_is_refused(
    models: tuple[ModelEntry, ...], words: str
) -> None:
    faults = check_catalogue(Catalogue((ATELIER,), (LIBRE,), models))
    assert len(faults) == 1
    assert words in faults[0]
