"""Scenarios: the ready-made ones, the ideas of the slides in them, and files that people have edited."""

import re
from typing import Any

import pytest

from tests.workshops.room import DUEL, QUIZ, SLIDE
from workshops.scenario import InvalidScenario, from_dict, parse_toml, ready_made, to_toml

# What the slides « La consommation d’un modèle » say, and how a text that says it can be recognised.
IDEAS = {
    "three factors": r"trois facteurs",
    "size in billions of parameters": r"milliards de paramètres",
    "a parameter is like an artificial synapse": r"synapse artificielle",
    "70B means 70 billion, Llama 3.3 70B": r"70B, c’est 70 milliards.*Llama 3\.3 70B",
    "more parameters, more capacity to learn, in theory": r"en théorie, un modèle peut apprendre",
    "larger is not always more intelligent": r"plus grand ne veut pas toujours dire",
    "size drives computing power, and so energy": r"puissance de calcul, donc sur l’énergie",
    "very large, medium, very small: GPT-4, Mistral Small, Gemma 3n": r"GPT-4, Mistral Small et Gemma 3n",
    "length is counted in tokens": r"longueur se compte en jetons",
    "a token holds characters by their frequency": r"mot fréquent tient en un jeton",
    "tokens serve to cut, to count and to price": r"découper le texte, à compter .*calculer son prix",
    "the lens": r"lens",
    "mixtures of experts activate some experts per token": r"n’active que quelques-uns de ses experts",
    "less computing, electricity and cost": r"moins de calcul, donc moins d’électricité et un coût",
    "takes memory, complex, may generalise badly": r"place en mémoire.*complexe.*généraliser",
    "examples: Mixtral 8x7B, DeepSeek V3, Llama 4 Scout": r"Mixtral 8x7B, DeepSeek V3, Llama 4 Scout",
    "MatFormer": r"MatFormer",
}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_ready_made_scenarios_last_what_they_say(language: str) -> None:
    minutes = {slug: made.minutes for slug, made in ready_made(language).items()}
    assert minutes == {
        "consommation-45": 45,
        "consommation-60": 60,
        "consommation-90": 90,
        "un-seul-duel": 20,
    }


@pytest.mark.parametrize("idea", IDEAS)
def test_every_idea_of_the_slides_is_in_the_scenario_of_ninety_minutes(idea: str) -> None:
    steps = ready_made("fr")["consommation-90"].steps
    texts = [" ".join((step.title, step.text, step.figure)) for step in steps]
    assert any(re.search(IDEAS[idea], text, re.DOTALL) for text in texts)


def test_both_languages_have_the_same_steps() -> None:
    def kinds(language: str) -> list[Any]:
        return [
            [(step.id, step.kind, step.figure, step.minutes) for step in made.steps]
            for made in ready_made(language).values()
        ]

    assert kinds("fr") == kinds("en")


def test_a_scenario_is_written_and_read_again() -> None:
    for made in (*ready_made("fr").values(), *ready_made("en").values()):
        assert parse_toml(to_toml(made)) == made
    odd = {**SLIDE, "text": 'guillemets "droits", \\ et \x7f\n\tet une ligne'}
    read = from_dict({"title": "x", "steps": [odd]})
    assert parse_toml(to_toml(read)) == read


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"kind": "danse"}, "kind"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": "5"}, "minutes"),
        ({"minutes": True}, "minutes"),
        ({"text": "a\x00b"}, "nul"),
        ({"prompts": ["a\x00b"]}, "nul"),
        ({"title": " "}, "titre"),
        ({"colour": "red"}, "colour"),
        ({"figure": "danse"}, "figure"),
        ({"text": 5}, "text"),
        ({"options": "un"}, "options"),
        ({"id": "deux mots"}, "id"),
    ],
)
def test_a_step_that_cannot_be_played_is_refused_with_its_reason(changed: Any, word: str) -> None:
    with pytest.raises(InvalidScenario, match=word):
        from_dict({"title": "x", "steps": [SLIDE | changed]})


@pytest.mark.parametrize("right", [0, 3, "2", None])
def test_a_quiz_needs_its_right_answer(right: Any) -> None:
    with pytest.raises(InvalidScenario):
        from_dict({"title": "x", "steps": [QUIZ | {"right": right}]})


@pytest.mark.parametrize("text", ["", "title = ", "title = 'x'", "title = 'x'\nsteps = 3", "steps = []"])
def test_a_file_that_holds_no_scenario_is_refused(text: str) -> None:
    with pytest.raises(InvalidScenario):
        parse_toml(text)


HOSTILE = {
    "lists in lists": ("a = " + "[" * 90_000, "les unes dans les autres"),
    "tables in tables": ("a = " + "{b = " * 30_000, "les unes dans les autres"),
    "a key of thousands of parts": ("a" + ".a" * 90_000 + " = 1", "points"),
    "a number of thousands of digits": ("title = " + "9" * 5_000, "quelque part"),
    "an open string": ("title = 'x'\nsteps = \"x", "quelque part"),
    "an image": ("\ufffdPNG\r\n\x1a", "à la ligne 1"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gets_a_sentence_at_once(name: str) -> None:
    text, sentence = HOSTILE[name]
    with pytest.raises(InvalidScenario, match=sentence):
        parse_toml(text)


def test_two_steps_of_one_id_are_refused() -> None:
    with pytest.raises(InvalidScenario):
        from_dict({"title": "x", "steps": [DUEL, DUEL]})
