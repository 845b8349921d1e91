import pytest

from science.tokens import UnknownVocabulary, count

SENTENCE = "La consommation d'un modèle dépend de sa taille, de la longueur du texte et de son architecture."


@pytest.mark.parametrize(("vocabulary", "expected"), [("o200k", 20), ("cl100k", 24)])
def test_the_decks_sentence_has_the_published_count(vocabulary: str, expected: int) -> None:
    assert count(SENTENCE, vocabulary) == expected


def test_an_unknown_vocabulary_is_refused_by_name() -> None:
    with pytest.raises(UnknownVocabulary, match="gpt-9"):
        count(SENTENCE, "gpt-9")


def test_a_lone_surrogate_counts_as_the_replacement_character() -> None:
    assert count("a\ud800b") == count("a\ufffdb")
