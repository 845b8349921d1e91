"""Counts tokens with the models' own vocabularies, without a network."""

from science.tokens.count import count
from science.tokens.vocabularies import (
    DEFAULT_VOCABULARY,
    VOCABULARIES,
    MissingVocabulary,
    UnknownVocabulary,
    Vocabulary,
    vocabulary,
)

__all__ = [
    "DEFAULT_VOCABULARY",
    "VOCABULARIES",
    "MissingVocabulary",
    "UnknownVocabulary",
    "Vocabulary",
    "count",
    "vocabulary",
]
