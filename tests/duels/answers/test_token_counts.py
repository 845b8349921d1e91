"""Token counts: the server’s is believed where it can be true, else our own counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backends.base import Message, Usage
from duels.answers.token_counts import Limits, token_fields
from duels.models import Answer
from science import tokens

REPORTED, COUNTED, REPLACED = Answer.CountSource.values
PAGE = "Le ciel est bleu parce que l’air diffuse la lumière bleue plus que la rouge. " * 40
OWN = tokens.count(PAGE)
REASONING = "Voyons d’abord ce que l’on me demande. " * 40
MESSAGES = [Message("user", "Pourquoi le ciel est-il bleu le jour et rouge le soir ?")]
READ = tokens.count(MESSAGES[0].content)
LIMITS = Limits(MESSAGES, max_tokens=2_048)


def source(tokens_out: int, text: str = PAGE, reasoning: str = "", hidden: int | None = None) -> str:
    return str(token_fields(Usage(20, tokens_out, hidden), text, reasoning, LIMITS)["count_source"])


def test_what_the_server_counted_is_believed() -> None:
    assert token_fields(Usage(12, 310, 300), "Bleu.", "") == {
        "tokens_in": 12,
        "tokens_out": 10,
        "reasoning_tokens": 300,
        "count_source": Answer.CountSource.REPORTED,
        "vocabulary": "",
    }


def test_without_a_count_our_own_tokenizer_counts() -> None:
    counted = token_fields(None, "Le ciel est bleu.", "Voyons.")
    assert counted == {
        "tokens_in": None,
        "tokens_out": tokens.count("Le ciel est bleu."),
        "reasoning_tokens": tokens.count("Voyons."),
        "count_source": Answer.CountSource.COUNTED,
        "vocabulary": "o200k",
    }


@pytest.mark.parametrize(
    ("family", "vocabulary"), [("mistral_v1", "mistral_v1"), ("qwen", "qwen"), ("qwen3_5", "o200k")]
)
def test_a_models_own_vocabulary_counts_where_it_is_on_board(family: str, vocabulary: str) -> None:
    counted = token_fields(None, PAGE, REASONING, Limits(MESSAGES, family=family))
    assert counted["vocabulary"] == vocabulary
    assert counted["tokens_out"] == tokens.count(PAGE, vocabulary)
    assert counted["reasoning_tokens"] == tokens.count(REASONING, vocabulary)
    assert counted["tokens_in"] == tokens.count(MESSAGES[0].content, vocabulary)


def test_what_was_read_is_counted_with_its_history_where_the_server_does_not_say() -> None:
    messages = [
        Message("user", "Bonjour"),
        Message("assistant", "Bonjour !"),
        Message("user", "Et le ciel ?"),
    ]
    counted = token_fields(Usage(None, 40), "Bleu.", "", Limits(messages))
    assert counted["tokens_in"] == tokens.count("Bonjour\nBonjour !\nEt le ciel ?")
    assert token_fields(Usage(12, 40), "Bleu.", "", Limits(messages))["tokens_in"] == 12


def test_a_count_of_the_prompt_alone_is_no_count_of_the_answer() -> None:
    assert token_fields(Usage(12, None), "Bleu.", "")["count_source"] == Answer.CountSource.COUNTED


def test_a_reasoning_that_was_sent_but_not_counted_apart_takes_its_share() -> None:
    counted = token_fields(Usage(5, 100), "mot " * 30, "mot " * 30)
    assert counted["tokens_out"] + counted["reasoning_tokens"] == 100
    assert counted["reasoning_tokens"] == pytest.approx(50, abs=2)


@given(
    st.builds(
        Usage, st.none() | st.integers(0, 10**9), st.integers(0, 10**9), st.none() | st.integers(0, 10**9)
    ),
    st.text(max_size=40),
    st.text(max_size=40),
)
def test_tokens_are_never_negative_and_sum_to_what_was_reported_where_that_is_believed(
    usage: Usage, text: str, reasoning: str
) -> None:
    counted = token_fields(usage, text, reasoning)
    total = counted["tokens_out"] + counted["reasoning_tokens"]
    if counted["count_source"] == REPORTED:
        assert total == usage.tokens_out
    else:
        assert total == tokens.count(text) + tokens.count(reasoning)
    assert min(counted["tokens_out"], counted["reasoning_tokens"]) >= 0


@pytest.mark.parametrize("tokens_out", [0, 1, 4 * OWN, 10**9])
def test_a_count_that_cannot_be_is_replaced_by_our_own(tokens_out: int) -> None:
    fields = token_fields(Usage(20, tokens_out), PAGE, "", LIMITS)
    assert fields["count_source"] == REPLACED
    assert (fields["tokens_out"], fields["reasoning_tokens"]) == (OWN, 0)


@pytest.mark.parametrize("factor", [0.35, 0.7, 1.0, 1.5, 2.9])
def test_another_tokenizer_is_believed(factor: float) -> None:
    assert source(round(factor * OWN)) == REPORTED


@pytest.mark.parametrize("text", ["天空为什么是蓝色的？" * 200, "0123456789" * 300, " " * 4_000, "é" * 3_000])
def test_texts_with_few_or_many_tokens_per_character_are_counted(text: str) -> None:
    own = tokens.count(text)
    assert source(own, text) == REPORTED
    assert source(10**6, text) == REPLACED


def test_a_reasoning_that_is_not_sent_is_believed_up_to_the_tokens_that_were_asked_for() -> None:
    assert source(OWN + 1_500, hidden=1_500) == REPORTED
    assert source(OWN + 10**6, hidden=10**6) == REPLACED
    thinking = Limits(MESSAGES, 2_048, may_hide=True)
    assert token_fields(Usage(20, OWN + 2_000), PAGE, "", thinking)["count_source"] == REPORTED
    assert token_fields(Usage(20, 10**5), PAGE, "", thinking)["count_source"] == REPLACED
    assert source(4 * OWN + 1_500) == REPLACED


def test_a_reasoning_that_was_sent_is_counted_with_the_answer() -> None:
    own = OWN + tokens.count(REASONING)
    assert source(own, reasoning=REASONING, hidden=own - OWN) == REPORTED
    assert source(10**9, reasoning=REASONING, hidden=10**8) == REPLACED


@pytest.mark.parametrize(("tokens_in", "believed"), [(0, READ), (10**9, READ), (20, 20), (900, 900)])
def test_a_prompt_is_believed_within_what_a_template_adds(tokens_in: int, believed: int) -> None:
    assert token_fields(Usage(tokens_in, OWN), PAGE, "", LIMITS)["tokens_in"] == believed
