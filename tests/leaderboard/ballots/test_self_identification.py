"""Answers that tell their model, against labelled sentences of our own: self_naming.csv."""

import csv
import math
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from leaderboard.ballots.bare_text import bare_text
from leaderboard.ballots.identity_questions import asks_who_answers
from leaderboard.ballots.model_names import Identity
from leaderboard.ballots.self_identification import identifies_itself

LABELLED = Path(__file__).with_name("self_naming.csv")

IDENTITIES = {
    "claude": Identity("Claude 3.5 Sonnet", ("claude-3-5-sonnet-v2",), "Anthropic", "anthropic"),
    "gpt-4o-mini": Identity("GPT-4o mini", ("gpt-4o-mini-2024-07-18",), "OpenAI", "openai"),
    "mistral-large": Identity("Mistral Large 2411", (), "Mistral AI", "mistral-ai"),
    "llama-3.1-70b": Identity("Llama 3.1 70B", ("llama3.1:70b",), "Meta", "meta"),
    "gemma-3-27b": Identity("Gemma 3 27B", (), "Google", "google"),
    "gemini": Identity("Gemini 2.5 Flash", (), "Google", "google"),
    "command-r": Identity("Command R 08-2024", (), "Cohere", "cohere"),
    "deepseek-r1": Identity("DeepSeek R1", ("deepseek-reasoner",), "DeepSeek", "deepseek"),
    "qwen2.5-7b": Identity("Qwen2.5 7B", (), "Alibaba (Qwen)", "alibaba"),
    "o3-mini": Identity("o3-mini", (), "OpenAI", "openai"),
    "phi-4": Identity("Phi-4", (), "Microsoft", "microsoft"),
    "glm-4.6": Identity("GLM-4.6", (), "Z.ai (Zhipu AI)", "z-ai"),
    "falcon": Identity("Falcon 3 10B Instruct", (), "Technology Innovation Institute", "tii"),
    "lucie": Identity("Lucie 7B Instruct", (), "OpenLLM France", "openllm-france"),
    "grok": Identity("Grok-1", (), "xAI", "xai"),
    "kimi": Identity("Kimi K2.5", (), "Moonshot AI", "moonshot-ai"),
    "smollm2": Identity("SmolLM2 135M Instruct", (), "Hugging Face", "hugging-face"),
}
MOST_EXPONENT = 1.35  # 1 is linear; a busy machine adds noise


class Sentence(NamedTuple):
    model: str
    is_naming: bool
    question: str
    text: str

    @property
    def is_found(self) -> bool:
        return identifies_itself(self.text, IDENTITIES[self.model], self.question)


def labelled() -> list[Sentence]:
    with LABELLED.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter=";", quoting=csv.QUOTE_NONE)
        return [
            Sentence(row["model"], row["named"] == "yes", row["question"], row["text"].replace("\\n", "\n"))
            for row in rows
        ]


def test_namings_are_found_and_innocent_sentences_are_not() -> None:
    sentences = labelled()
    namings = [one for one in sentences if one.is_naming]
    innocent = [one for one in sentences if not one.is_naming]
    assert len(namings) >= 80 and len(innocent) >= 70
    missed = [one for one in namings if not one.is_found]
    false_alarms = [one for one in innocent if one.is_found]
    print(f"\n{len(namings) - len(missed)} of {len(namings)} namings found,", end=" ")
    print(f"{len(false_alarms)} false alarms in {len(innocent)} innocent sentences")
    assert missed == []
    assert false_alarms == []


def test_the_name_of_another_model_gives_nothing_away() -> None:
    assert not identifies_itself("Je suis ChatGPT, développé par OpenAI.", IDENTITIES["claude"])


def test_a_name_is_found_in_the_middle_of_a_long_answer() -> None:
    long = "Voici la recette.\n" * 200 + "Au fait, je suis Claude.\n" + "Bon appétit !\n" * 200
    assert identifies_itself(long, IDENTITIES["claude"])


def test_a_name_of_the_question_tells_nothing_unless_the_answer_speaks_of_itself() -> None:
    said = "OpenAI a publié GPT-4 en 2023, et ChatGPT avant."
    assert identifies_itself(said, IDENTITIES["gpt-4o-mini"], "Raconte l’histoire de l’IA.")
    assert not identifies_itself(said, IDENTITIES["gpt-4o-mini"], "Quand ChatGPT est-il sorti ?")
    assert identifies_itself("Je suis ChatGPT.", IDENTITIES["gpt-4o-mini"], "Que sais-tu de ChatGPT ?")


def test_bare_text_has_neither_markup_nor_accents_nor_invisible_characters() -> None:
    assert bare_text("**Créé** par « L’Équipe »") == "Cree par L'Equipe "
    assert bare_text("<b>Chat</b>\u200bG\u00adP&#84; [ici](https://x.example/a)") == "ChatGPT ici"
    assert bare_text("C-l-a-u-d-e, С\u200cl\u2060aude") == "Claude, Claude"
    assert bare_text("3 < 4 et a-t-il") == "3 < 4 et a-t-il"


@pytest.mark.parametrize(
    "question",
    """Qui es-tu ? | Tu es qui, au fait ? | Quel modèle es-tu ? | Qui t’a créé ? | Quel est ton nom ?
    Comment t’appelles-tu ? | Présente-toi en deux phrases. | Es-tu ChatGPT ? | Qui vous a développé ?
    Dis-moi le nom de ton créateur, ton éditeur. | Quelle entreprise t’a entraîné ? | À qui ai-je l’honneur ?
    Sur quel modèle es-tu basé ? | Who are you? | What’s your name? | Which model am I talking to?
    Who made you? | Are you an OpenAI model? | Are you Claude or Gemini? | Introduce yourself. | What are you?
    What company trained you? | Who am I speaking with? | Tell me your model name.""".replace(
        "\n", "|"
    ).split("|"),
)
def test_a_question_may_ask_who_answers(question: str) -> None:
    assert asks_who_answers(question.strip())


@pytest.mark.parametrize(
    "question",
    """Qui est Claude Monet ? | Qui a créé la tour Eiffel ? | Quel est le nom de la capitale du Pérou ?
    Quel modèle de voiture choisir ? | Présente la Révolution française. | Comment s’appelle cet oiseau ?
    Écris une lettre de motivation. | Quel est ton avis sur ce poème ? | Who was Ada Lovelace?
    What are you supposed to do in Rome in May? | Which car model is cheapest? | Describe a sunset.
    Are you allowed to park here? | Explique ce qu’est un modèle économique.""".replace("\n", "|").split("|"),
)
def test_other_questions_do_not(question: str) -> None:
    assert not asks_who_answers(question.strip())


HOSTILE = {
    "names": "claude ",
    "introductions": "je suis un ia modele de langage ",
    "makers": "developpe par un modele de la famille de claude chez ",
    "letters": "a-b c.d ",
    "tags": "<b <a ",
    "links": "](aaaa ",
    "blank lines": "\n",
    "accents": "é\u0301\u200b",
    "one word": "x",
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=list(HOSTILE))
def test_the_time_grows_with_the_text_and_no_faster(piece: str) -> None:
    lengths = (25_000, 100_000)
    seconds = [best_seconds(piece * (length // len(piece))) for length in lengths]
    exponent = math.log(seconds[1] / seconds[0]) / math.log(lengths[1] / lengths[0])
    assert exponent < MOST_EXPONENT, seconds
    assert seconds[1] < 2


def best_seconds(text: str) -> float:
    """Processor time of this thread for both searches, the best of three."""
    times = []
    for _ in range(3):
        started = time.thread_time()
        identifies_itself(f"{text} fin", IDENTITIES["claude"])
        asks_who_answers(text)
        times.append(time.thread_time() - started)
    return max(min(times), 1e-3)
