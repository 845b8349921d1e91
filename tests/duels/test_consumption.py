"""From a stored answer to its energy, the same on any day."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backends.base import Message, Usage
from duels import consumption
from duels.models import Answer
from models_registry.models import LanguageModel
from science import tokens
from science.energy import DEFAULT_METHOD, estimate
from tests import cast


def answer_of(model: LanguageModel, **written: object) -> Answer:
    stored = {"tokens_in": 0, **consumption.energy_fields(model.shape()), **written}
    return Answer(model=model, side="a", **stored)


def test_what_the_server_counted_is_believed() -> None:
    assert consumption.token_fields(Usage(12, 340, 300), "Bleu.", "") == {
        "tokens_in": 12,
        "tokens_out": 40,
        "reasoning_tokens": 300,
        "count_source": Answer.CountSource.REPORTED,
    }


def test_without_a_count_our_own_tokenizer_counts() -> None:
    counted = consumption.token_fields(None, "Le ciel est bleu.", "Voyons.")
    assert counted == {
        "tokens_in": None,
        "tokens_out": tokens.count("Le ciel est bleu."),
        "reasoning_tokens": tokens.count("Voyons."),
        "count_source": Answer.CountSource.COUNTED,
    }


def test_what_was_read_is_counted_with_its_history_where_the_server_does_not_say() -> None:
    messages = [
        Message("user", "Bonjour"),
        Message("assistant", "Bonjour !"),
        Message("user", "Et le ciel ?"),
    ]
    counted = consumption.token_fields(Usage(None, 40), "Bleu.", "", messages)
    assert counted["tokens_in"] == tokens.count("Bonjour\nBonjour !\nEt le ciel ?")
    assert consumption.token_fields(Usage(12, 40), "Bleu.", "", messages)["tokens_in"] == 12


def test_a_count_of_the_prompt_alone_is_no_count_of_the_answer() -> None:
    assert (
        consumption.token_fields(Usage(12, None), "Bleu.", "")["count_source"] == Answer.CountSource.COUNTED
    )


def test_a_reasoning_that_was_sent_but_not_counted_apart_takes_its_share() -> None:
    counted = consumption.token_fields(Usage(5, 100), "mot " * 30, "mot " * 30)
    assert counted["tokens_out"] + counted["reasoning_tokens"] == 100
    assert counted["reasoning_tokens"] == pytest.approx(50, abs=2)


@settings(deadline=None)
@given(
    st.builds(
        Usage, st.none() | st.integers(0, 10**9), st.integers(0, 10**9), st.none() | st.integers(0, 10**9)
    ),
    st.text(max_size=40),
    st.text(max_size=40),
)
def test_tokens_written_and_hidden_are_never_negative_and_sum_to_what_was_reported(
    usage: Usage, text: str, reasoning: str
) -> None:
    counted = consumption.token_fields(usage, text, reasoning)
    assert counted["tokens_out"] + counted["reasoning_tokens"] == usage.tokens_out
    assert min(counted["tokens_out"], counted["reasoning_tokens"]) >= 0


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
def test_an_answer_that_nobody_wrote_costs_nothing_and_keeps_its_model_s_shape() -> None:
    model = cast.grand_70b()
    estimated = consumption.estimate_side([Answer(model=model, side="a")])
    assert estimated.mid_wh == 0
    assert estimated.shape == model.shape()
