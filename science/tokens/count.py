"""Count the tokens of a text, and list them."""

import builtins
import unicodedata
from dataclasses import dataclass

from science.tokens.engines import split_text
from science.tokens.visible import make_visible
from science.tokens.vocabularies import DEFAULT_VOCABULARY, engine
from science.tokens.vocabularies import vocabulary as vocabulary_named

# Normalizing a run of accents takes a time that grows with the square of its length: 8 s for 100,000.
_MAX_NORMALISED_CHARS = 1_000


@dataclass(frozen=True)
class Token:
    """One token of a text: its id in the vocabulary, its bytes, and these as visible text."""

    id: int
    bytes: builtins.bytes
    text: str


def count(text: str, vocabulary: str = DEFAULT_VOCABULARY) -> int:
    """Tokens of the text in the named vocabulary, without those a chat adds around a message.

    Raises UnknownVocabulary, or MissingVocabulary when its package is not installed.
    """
    return len(engine(vocabulary).encode(normalize_input(text, vocabulary)))


def tokenize(text: str, vocabulary: str = DEFAULT_VOCABULARY) -> tuple[Token, ...]:
    """The tokens of the text, in order; joined, their bytes are the UTF-8 of `as_read(text, vocabulary)`.

    Raises UnknownVocabulary, or MissingVocabulary when its package is not installed.
    """
    pieces = engine(vocabulary).tokenize(normalize_input(text, vocabulary))
    return tuple(Token(id_, raw, make_visible(raw)) for id_, raw in pieces)


def normalize_input(text: str, vocabulary: str) -> str:
    """The text as the vocabulary tokenizes it: in NFC for Qwen's, as typed for the others.

    A lone surrogate, which UTF-8 cannot write, is U+FFFD for all. Raises UnknownVocabulary.
    """
    form = vocabulary_named(vocabulary).normal_form
    well_formed = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if form is None:
        return well_formed
    return "".join(
        unicodedata.normalize(form, part) for part in split_text(well_formed, _MAX_NORMALISED_CHARS)
    )
