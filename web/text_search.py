"""Text search that ignores accents and capitals."""

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=4096)
def normalize(text: str) -> str:
    """The text in small letters without accents."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def matches_words(text: str, words: str) -> bool:
    """Whether a normalized text contains each of the words, in any order."""
    return all(word in text for word in normalize(words).split())
