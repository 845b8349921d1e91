"""How many tokens a text is, and which."""

from science.tokens.vocabularies import DEFAULT_VOCABULARY, engine


def count(text: str, vocabulary: str = DEFAULT_VOCABULARY) -> int:
    """Tokens of the text in the named vocabulary, without those a chat adds around a message.

    Raises UnknownVocabulary, or MissingVocabulary when its package is not installed.
    """
    return len(engine(vocabulary).encode(_well_formed(text)))


def _well_formed(text: str) -> str:
    """The text with each lone surrogate, which UTF-8 cannot write, replaced by U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
