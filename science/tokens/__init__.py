"""Count and show tokens with the models' own vocabularies, without a network."""

from science.tokens.count import Token, count, normalize_input, tokenize
from science.tokens.vocabularies import (
    DEFAULT_VOCABULARY,
    VOCABULARIES,
    MissingVocabulary,
    UnknownVocabulary,
    Vocabulary,
    own_vocabulary,
    vocabulary,
)

__all__ = [
    "DEFAULT_VOCABULARY",
    "VOCABULARIES",
    "MissingVocabulary",
    "Token",
    "UnknownVocabulary",
    "Vocabulary",
    "count",
    "normalize_input",
    "own_vocabulary",
    "tokenize",
    "vocabulary",
]
