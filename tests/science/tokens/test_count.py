from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from science.tokens import VOCABULARIES, UnknownVocabulary, count, normalize_input, tokenize

SENTENCE = "La consommation d'un modèle dépend de sa taille, de la longueur du texte et de son architecture."
PUBLISHED_COUNTS = {
    "o200k": 20,
    "cl100k": 24,
    "tekken": 20,
    "mistral_v1": 29,
    "llama3": 24,
    "llama4": 20,
    "deepseek_v3": 21,
    "gemma3": 21,
    "qwen": 24,
}
EVERY_VOCABULARY = pytest.mark.parametrize("vocabulary", VOCABULARIES)

HARD_PIECES = (
    *(" ", "  ", " " * 31, "\n", "\r\n", "\n" * 33, "\t", "\0", "\u00a0", "\u2028", "\x1c", "\ufeff"),
    *(
        "▁",
        "▁▁",
        "\u0301",
        "e\u0301",
        "\u202e",
        "👩‍👩‍👧",
        "é",
        "Œ",
        "中文",
        "हिन्दी",
        "한국어",
        "𝒳",
        "'s",
        "d'un",
    ),
    *("123", "4567", "!?/", "<b>", "<s>", "<mask>", "<0x41>", "<|endoftext|>", "<｜User｜>", "[multimodal]"),
)
HARD_TEXTS = st.lists(st.sampled_from(HARD_PIECES) | st.text(max_size=8), max_size=12).map("".join)


@pytest.mark.parametrize(("vocabulary", "expected"), PUBLISHED_COUNTS.items())
def test_the_decks_sentence_has_the_published_count(vocabulary: str, expected: int) -> None:
    assert count(SENTENCE, vocabulary) == expected


def test_every_vocabulary_has_a_published_count() -> None:
    assert PUBLISHED_COUNTS.keys() == VOCABULARIES.keys()


@EVERY_VOCABULARY
@given(text=HARD_TEXTS)
def test_the_bytes_of_the_tokens_give_the_text_back(vocabulary: str, text: str) -> None:
    tokens = tokenize(text, vocabulary)
    assert b"".join(token.bytes for token in tokens) == normalize_input(text, vocabulary).encode()
    assert len(tokens) == count(text, vocabulary)


@given(text=HARD_TEXTS)
def test_only_qwen_reads_anything_but_the_text_as_typed(text: str) -> None:
    assert [key for key in VOCABULARIES if normalize_input(text, key) != text] in ([], ["qwen"])


def test_qwen_reads_a_letter_and_its_accent_as_one_character() -> None:
    assert normalize_input("mode\u0300le", "qwen") == "modèle"
    assert count("mode\u0300le", "qwen") == count("modèle", "qwen")


@EVERY_VOCABULARY
def test_an_empty_text_has_no_token(vocabulary: str) -> None:
    assert tokenize("", vocabulary) == ()


@EVERY_VOCABULARY
def test_the_name_of_a_special_token_is_ordinary_text(vocabulary: str) -> None:
    for name in ("<|endoftext|>", "<|begin_of_text|>", "<｜begin▁of▁sentence｜>", "<bos>", "<start_of_turn>"):
        assert count(name, vocabulary) > 1
    assert count("<s>", "mistral_v1") > 1


def test_mixtral_starts_with_a_blank_that_the_text_does_not_have() -> None:
    first, second = tokenize("\nabc", "mistral_v1")[:2]
    assert (first.bytes, first.text) == (b"", "␣")
    assert second.bytes == b"\n"


def test_runs_of_blanks_are_one_token_of_gemma() -> None:
    assert [token.bytes for token in tokenize("a" + " " * 9 + "b", "gemma3")] == [b"a", b" " * 9, b"b"]


def test_a_tekken_id_comes_after_those_of_the_special_tokens() -> None:
    assert tokenize("\0", "tekken")[0].id == 1000


def test_a_lone_surrogate_counts_as_the_replacement_character() -> None:
    assert count("a\ud800b") == count("a\ufffdb")


def test_an_unknown_vocabulary_is_refused_by_name() -> None:
    for refused in (count, tokenize, normalize_input):
        with pytest.raises(UnknownVocabulary, match="gpt-9"):
            refused(SENTENCE, "gpt-9")


@pytest.mark.slow
@EVERY_VOCABULARY
def test_a_million_blanks_are_counted(vocabulary: str) -> None:
    assert 0 < count(" " * 1_000_000 + "x", vocabulary) < 1_000_000


@EVERY_VOCABULARY
@pytest.mark.parametrize("unit", ["a", "😀", "\u202e", "\0", "\u0301\u0316", "▁", "\n", "é "])
def test_fifty_thousand_times_the_same_is_counted(vocabulary: str, unit: str) -> None:
    assert count(unit * 50_000, vocabulary) > 1_000


@EVERY_VOCABULARY
def test_threads_share_a_vocabulary(vocabulary: str) -> None:
    texts = [f"{SENTENCE} {number}" for number in range(200)]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda text: tokenize(text, vocabulary), texts))
    assert together == [tokenize(text, vocabulary) for text in texts]
