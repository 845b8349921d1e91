"""From a stored answer to its energy, the same on any day."""

from collections.abc import Callable

import pytest

from duels.answers import consumption
from duels.models import Answer
from models_registry.models import LanguageModel
from science import tokens
from science.energy import DEFAULT_METHOD, estimate
from tests import cast


def answer_of(model: LanguageModel, **written: object) -> Answer:
    stored = {"tokens_in": 0, **consumption.energy_fields(model.shape()), **written}
    return Answer(model=model, side="a", **stored)


@pytest.mark.django_db
@pytest.mark.parametrize("make", [cast.petit_3b, cast.grand_70b, cast.melange_117b, cast.secret])
def test_the_shape_that_was_stored_is_read_back_the_same(
    make: Callable[[], LanguageModel],
) -> None:
    model = make()
    other = cast.make_model(
        "autre", "Autre", "Autre", cast.NOWHERE, {"architecture": "dense", "total_params_b": 1}
    )
    answer = cast.make_duel(model, other).last_turn.answers.get(side="a")
    assert consumption.stored_shape(answer) == model.shape()


@pytest.mark.django_db
def test_a_curators_later_edit_does_not_change_what_was_estimated() -> None:
    model = cast.petit_3b()
    answer = answer_of(model, tokens_out=100)
    before = consumption.estimate_side([answer])
    model.total_params_b = 999.0
    assert consumption.estimate_side([answer]) == before


@pytest.mark.django_db
def test_a_side_is_the_sum_of_its_turns() -> None:
    model = cast.melange_117b()
    turns = [answer_of(model, tokens_out=100, reasoning_tokens=20), answer_of(model, tokens_out=50)]
    assert consumption.estimate_side(turns) == estimate(
        model.shape(),
        150,
        DEFAULT_METHOD,
        reasoning_tokens=20,
        context_tokens=(120 * 60 + 50 * 25) / 170,
    )


@pytest.mark.django_db
def test_of_an_old_duel_the_question_and_the_history_are_counted_when_it_is_read() -> None:
    left, right = cast.petit_3b(), cast.grand_70b()
    duel = cast.make_duel(left, right)
    cast.add_turn(duel, left, right)
    first, second = consumption.answers_by_side(duel)["a"]
    question = tokens.count(cast.PROMPT)
    assert first.tokens_in is None
    assert consumption.tokens_read([first, second]) == [question, 2 * question + first.tokens_out]


@pytest.mark.django_db
def test_an_answer_that_was_never_written_costs_nothing_and_keeps_its_model_s_shape() -> None:
    model = cast.grand_70b()
    estimated = consumption.estimate_side([Answer(model=model, side="a")])
    assert estimated.mid_wh == 0
    assert estimated.shape == model.shape()
