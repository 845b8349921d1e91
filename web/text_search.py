"""A search that forgives accents and capitals."""

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=4096)
def normalize(text: str) -> str:
    """The text without accents and capitals."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def matches_words(text: str, words: str) -> bool:
    """Whether each of the words is somewhere in a folded text."""
    return all(word in text for word in normalize(words).split())
