"""Five questions from the registry, each with one good answer and its why; all of it in the address."""

from random import Random

import pytest
from django.test import Client
from django.urls import reverse

from learn import quiz
from learn.model_choices import models_by_slug
from models_registry.pages.catalogue import CatalogueEntry
from science.energy import estimate, ratio

HERE = reverse("learn:quiz")
SEEDS = ("bcdfg", "zzzzz", "kmnpq", "tests")


@pytest.fixture
def every(registry: None) -> list[CatalogueEntry]:
    return list(models_by_slug().values())


@pytest.mark.parametrize("seed", SEEDS)
def test_a_draw_has_five_clear_questions_and_is_the_same_again(
    every: list[CatalogueEntry], seed: str
) -> None:
    questions = quiz.pick_questions(every, seed)
    assert len(questions) == 5
    assert questions == quiz.pick_questions(every, seed)
    for question in questions:
        assert question.ratio.factor >= quiz.CLEAR_ABOVE or question.ratio.factor <= quiz.CLOSE_BELOW
        assert question.why.endswith(".")


@pytest.mark.parametrize("seed", SEEDS)
def test_the_right_answer_is_what_science_says(every: list[CatalogueEntry], seed: str) -> None:
    for question in quiz.pick_questions(every, seed):
        first, second = (side.estimate for side in question.sides)
        again = [
            estimate(energy.shape, energy.tokens_out, reasoning_tokens=energy.reasoning_tokens)
            for energy in (first, second)
        ]
        assert question.ratio == ratio(*again)
        expected = {"a": first.mid_wh > second.mid_wh, "b": second.mid_wh > first.mid_wh, "s": True}
        assert expected[question.right]


@pytest.mark.parametrize("seed", SEEDS)
def test_both_versions_of_our_method_give_the_same_verdict(every: list[CatalogueEntry], seed: str) -> None:
    for question in quiz.pick_questions(every, seed):
        ratios = [quiz.ratio_by(method, question.sides) for method in ("physical-2026", "physical-2026.2")]
        assert {each.verdict for each in ratios} == {question.ratio.verdict}


def test_another_method_that_disagrees_is_shown(every: list[CatalogueEntry]) -> None:
    questions = [question for seed in range(40) for question in quiz.pick_questions(every, f"s{seed}")]
    noted = [question for question in questions if question.other_label]
    for question in questions:
        agrees = quiz.ratio_by("ecologits-0.11.3", question.sides).verdict is question.ratio.verdict
        assert agrees != (question in noted)
    assert noted


def test_no_question_rests_on_a_size_that_is_not_published(every: list[CatalogueEntry]) -> None:
    sides = [
        side for seed in SEEDS for question in quiz.pick_questions(every, seed) for side in question.sides
    ]
    assert not any(side.is_hypothesis for side in sides)


def test_a_game_without_a_seed_gets_one_to_share(registry: None, client: Client) -> None:
    response = client.get(HERE)
    assert response.status_code == 302
    assert client.get(response["Location"]).status_code == 200


def test_a_whole_game_is_played_by_buttons_alone(every: list[CatalogueEntry], client: Client) -> None:
    right = [question.right for question in quiz.pick_questions(every, "bcdfg")]
    for answered in range(5):
        body = client.get(HERE, {"draw": "bcdfg", "choices": "".join(right[:answered])}).content.decode()
        assert f"Question {answered + 1} sur 5" in body
        assert f'value="{"".join(right[: answered + 1])}"' in body
        assert ("Bien vu" in body) == (answered > 0)
    end = client.get(HERE, {"draw": "bcdfg", "choices": "".join(right)}).content.decode()
    assert "Votre score\xa0: 5 sur 5" in end


def test_a_wrong_answer_is_corrected_kindly_with_the_right_one(
    every: list[CatalogueEntry], client: Client
) -> None:
    question = quiz.pick_questions(every, "bcdfg")[0]
    wrong = next(letter for letter in "abs" if letter != question.right)
    body = client.get(HERE, {"draw": "bcdfg", "choices": wrong}).content.decode()
    assert "Eh non" in body and question.right_label in body


def test_nothing_of_the_answer_is_in_the_page_before_the_choice(
    every: list[CatalogueEntry], client: Client
) -> None:
    body = client.get(HERE, {"draw": "bcdfg"}).content.decode()
    question = quiz.pick_questions(every, "bcdfg")[0]
    assert question.why not in body and "Wh</data>" not in body


@pytest.mark.parametrize("choices", ["abcabc<script>", "aaaaaaaaaaaaaaaa", "x"])
def test_choices_that_are_none_are_left_out(registry: None, client: Client, choices: str) -> None:
    response = client.get(HERE, {"draw": "bcdfg", "choices": choices})
    assert response.status_code == 200
    assert "<script>" not in response.content.decode().partition("<main")[2]


@pytest.mark.parametrize("seed", ["", "../..", "a" * 99, "é"])
def test_a_seed_that_is_none_is_replaced(registry: None, client: Client, seed: str) -> None:
    assert client.get(HERE, {"draw": seed}).status_code == 302


def test_new_seeds_can_be_read_aloud() -> None:
    seed = quiz.new_seed(Random(1))
    assert quiz.is_seed(seed) and len(seed) == quiz.SEED_LENGTH
