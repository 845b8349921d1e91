"""The starter catalogue: every fact has a source, and no entry contradicts itself."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from models_registry.starter import (
    CATALOGUE_FOLDER,
    FACTS,
    LICENCES_FILE,
    Catalogue,
    CatalogueError,
    Fact,
    LicenceEntry,
    ModelEntry,
    OrganisationEntry,
    SourceEntry,
    check,
    check_catalogue,
    read_catalogue,
)

CATALOGUE = read_catalogue()

# The models of the slide deck, then the two that `make run` serves.
DECK = (
    "gpt-4", "mistral-small-2506", "gemma-3n-e2b", "gemma-3n-e4b", "llama-3.3-70b", "mixtral-8x7b",
    "deepseek-v3", "llama-4-scout", "smollm2-135m-instruct", "gemma-3-270m",
)  # fmt: skip

# A plain space before « : ; ! ? » or inside the quotation marks, or a straight apostrophe.
BAD_TYPOGRAPHY = re.compile(r" [:;!?»]|« |'")


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
    sources=tuple(a_source(fact) for fact in FACTS),
)
MIXTURE = replace(
    PETIT,
    slug="melange-40b",
    architecture="mixture_of_experts",
    total_params_b=40,
    active_params_b=6,
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


def the_model(slug: str) -> ModelEntry:
    return CATALOGUE.by_name()[slug]


def test_the_catalogue_is_large_and_without_fault() -> None:
    assert check_catalogue(CATALOGUE) == []
    assert len(CATALOGUE.models) >= 80
    assert len({model.organisation for model in CATALOGUE.models}) >= 18


@pytest.mark.parametrize("slug", DECK)
def test_the_model_of_the_deck_is_there(slug: str) -> None:
    assert the_model(slug).slug == slug


@pytest.mark.parametrize("fact", FACTS)
def test_every_model_names_a_source_for(fact: Fact) -> None:
    without = [m.slug for m in CATALOGUE.models if fact not in {source.fact for source in m.sources}]
    assert without == []


def test_the_facts_of_the_deck_are_those_of_their_makers() -> None:
    sizes = {
        slug: (the_model(slug).total_params_b, the_model(slug).active_params_b, the_model(slug).weight_bits)
        for slug in ("mixtral-8x7b", "deepseek-v3", "llama-4-scout", "llama-3.3-70b")
    }
    assert sizes == {
        "mixtral-8x7b": (46.7, 12.9, 16),
        "deepseek-v3": (671, 37, 8),
        "llama-4-scout": (109, 17, 16),
        "llama-3.3-70b": (70.6, None, 16),
    }
    assert [the_model(slug).effective_params_b for slug in ("gemma-3n-e2b", "gemma-3n-e4b")] == [2, 4]
    assert the_model("gpt-oss-20b").active_params_b == 3.6  # decimals kept


def test_gpt_4_has_a_range_and_no_bare_number() -> None:
    gpt_4 = the_model("gpt-4")
    assert not gpt_4.disclosed
    assert (gpt_4.total_params_b, gpt_4.active_params_b) == (None, None)
    assert (gpt_4.hypothesis_low_b, gpt_4.hypothesis_high_b) == (1760, 1800)
    assert gpt_4.hypothesis_why_fr and gpt_4.hypothesis_why_en


def test_a_model_answers_to_its_other_names_whatever_their_case() -> None:
    names = CATALOGUE.by_name()
    assert names["llama3.3:70b"] is names["meta-llama/Llama-3.3-70B-Instruct".casefold()]


def test_the_french_of_the_catalogue_is_set_as_french() -> None:
    texts = [
        text
        for model in CATALOGUE.models
        for text in (model.description_fr, model.good_to_know_fr, model.hypothesis_why_fr)
    ]
    texts += [licence.sentence_fr for licence in CATALOGUE.licences]
    texts += [source.title for model in CATALOGUE.models for source in model.sources]
    assert [text for text in texts if BAD_TYPOGRAPHY.search(text)] == []


def test_no_link_leads_to_a_page_without_encryption() -> None:
    links = {source.link for model in CATALOGUE.models for source in model.sources}
    assert all(link.startswith("https://") for link in links)


@pytest.mark.parametrize("model", [PETIT, MIXTURE, SECRET], ids=lambda model: model.slug)
def test_a_sound_entry_has_no_fault(model: ModelEntry) -> None:
    assert check(model) == []


@pytest.mark.parametrize("fact", FACTS)
def test_an_entry_without_a_source_is_refused(fact: Fact) -> None:
    rest = tuple(source for source in PETIT.sources if source.fact != fact)
    assert len(check(replace(PETIT, sources=rest))) == 1


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
        (replace(SECRET, total_params_b=200), "pas un nombre sec"),
        (replace(SECRET, architecture="mixture_of_experts"), "besoin d’une fourchette de taille active"),
        (replace(SECRET, hypothesis_active_low_b=10), "les deux bouts de la fourchette"),
        (replace(SECRET, hypothesis_active_low_b=10, hypothesis_active_high_b=500), "taille totale supposée"),
    ],
)
def test_an_entry_that_contradicts_itself_is_refused(entry: ModelEntry, words: str) -> None:
    assert any(words in fault for fault in check(entry))


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
    assert len(check(replace(PETIT, sources=(*PETIT.sources, source)))) == 1


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
    assert any(words in fault for fault in check(entry))


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


def copy_of(name: str, folder: Path, old: str, new: str) -> None:
    text = (CATALOGUE_FOLDER / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('tokenizer_family = "other"', 'tokeniser = "other"'),
        ('architecture = "dense"\n', ""),
        ("total_params_b = ", "total_params_b = = "),
    ],
    ids=["an unknown field", "a field missing", "a broken file"],
)
def test_a_file_that_cannot_be_read_says_where(tmp_path: Path, old: str, new: str) -> None:
    copy_of(LICENCES_FILE, tmp_path, "", "")
    copy_of("01-ai.toml", tmp_path, old, new)
    with pytest.raises(CatalogueError, match=r"01-ai\.toml"):
        read_catalogue(tmp_path)
