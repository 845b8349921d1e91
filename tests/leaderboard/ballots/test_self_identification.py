"""The guard against a labelled set of our own: tests/leaderboard/self_naming.csv."""

import csv
from pathlib import Path

import pytest

from leaderboard.ballots.self_identification import Identity, identifies_itself, normalize_for_match

LABELLED = Path(__file__).with_name("self_naming.csv")

IDENTITIES = {
    "claude": Identity("Claude 3.5 Sonnet", ("claude-3-5-sonnet-v2",), "Anthropic", "anthropic"),
    "gpt-4o-mini": Identity("GPT-4o mini", ("gpt-4o-mini-2024-07-18",), "OpenAI", "openai"),
    "mistral-large": Identity("Mistral Large 2411", (), "Mistral AI", "mistral-ai"),
    "llama-3.1-70b": Identity("Llama 3.1 70B", ("llama3.1:70b",), "Meta", "meta"),
    "gemma-3-27b": Identity("Gemma 3 27B", (), "Google", "google"),
    "command-r": Identity("Command R 08-2024", (), "Cohere", "cohere"),
    "deepseek-r1": Identity("DeepSeek R1", ("deepseek-reasoner",), "DeepSeek", "deepseek"),
    "qwen2.5-7b": Identity("Qwen2.5 7B", (), "Alibaba (Qwen)", "alibaba"),
    "o3-mini": Identity("o3-mini", (), "OpenAI", "openai"),
    "phi-4": Identity("Phi-4", (), "Microsoft", "microsoft"),
    "glm-4.6": Identity("GLM-4.6", (), "Z.ai (Zhipu AI)", "z-ai"),
}


def labelled() -> list[tuple[str, bool, str]]:
    """Model, whether it names itself, what it says."""
    with LABELLED.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter=";", quoting=csv.QUOTE_NONE)
        return [(row["model"], row["named"] == "yes", row["text"]) for row in rows]


@pytest.mark.parametrize(("model", "named", "text"), labelled())
def test_the_guard_agrees_with_the_labelled_set(model: str, named: bool, text: str) -> None:
    assert identifies_itself(text, IDENTITIES[model]) is named


def test_the_labelled_set_has_both_languages_and_both_answers_in_number() -> None:
    named = [said for _, said, _ in labelled()]
    assert len(named) >= 90
    assert 0.4 < sum(named) / len(named) < 0.7


def test_the_name_of_another_model_gives_nothing_away() -> None:
    assert not identifies_itself("Je suis ChatGPT, développé par OpenAI.", IDENTITIES["claude"])


def test_a_name_is_found_in_the_middle_of_a_long_answer() -> None:
    long = "Voici la recette.\n" * 200 + "Au fait, je suis Claude.\n" + "Bon appétit !\n" * 200
    assert identifies_itself(long, IDENTITIES["claude"])


def test_plain_text_has_neither_accents_nor_emphasis() -> None:
    assert normalize_for_match("**Créé** par « L’Équipe »") == "cree par l'equipe "
