"""The starter catalogue: every fact has a source, and no entry contradicts itself."""

import re
from pathlib import Path
from typing import get_args

import pytest

from models_registry.seed.check import check_catalogue
from models_registry.seed.read import (
    CATALOGUE_FOLDER,
    LICENCES_FILE,
    CatalogueError,
    Fact,
    ModelEntry,
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


# Titles of sources stand as they are on the French and on the English pages.
FRENCH_WORDS = re.compile(
    r"\b(?:le|la|les|des|du|une?|et|pour|avec|sans|dans|sur|par|sous|copie)\b|[éèêàçœ]", re.I
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


@pytest.mark.parametrize("fact", get_args(Fact))
def test_every_model_names_a_source_for(fact: Fact) -> None:
    without = [m.slug for m in CATALOGUE.models if fact not in {source.fact for source in m.sources}]
    assert without == []


def test_titles_of_sources_read_the_same_in_every_language() -> None:
    titles = {source.title for model in CATALOGUE.models for source in model.sources}
    assert sorted(title for title in titles if FRENCH_WORDS.search(title)) == []


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
    assert the_model("gpt-oss-20b").active_params_b == 3.6  # with its decimals


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
