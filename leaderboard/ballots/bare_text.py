"""Text without what hides a name from a search: markup, invisible characters, accents, look-alike letters."""

import html
import re
import unicodedata

TYPOGRAPHY = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "‑": "-", "–": "-", "‐": "-", "−": "-"})
# Letters of other alphabets that look Latin.
LOOKALIKES = str.maketrans(
    "АВЕКМНОРСТУХасеорхуіјѕһԁΑΒΕΖΗΙΚΜΝΟΡΤΥΧοραεικντυкмт",
    "ABEKMHOPCTYXaceopxyijshdABEZHIKMNOPTYXopaeikvtukmt",
)
TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,80}>")
LINK_TARGET = re.compile(r"\]\([^()\s]{0,300}\)")
MARKS = re.compile(r"[*_`~\"«»“”„#|\[\]>\\]")
SPACES = re.compile(r"[^\S\n]+")
SPELT_OUT = re.compile(r"(?<![A-Za-z0-9'])(?:[A-Za-z0-9][ .\-·]){2,40}[A-Za-z0-9](?![A-Za-z0-9'])")
INVISIBLE = "\u200b-\u200f\u2060-\u2064\ufeff"
WORD = re.compile(rf"[A-Za-zͰ-ӿ{INVISIBLE}]+")
IN_DISGUISE = re.compile(rf"[A-Za-z][Ͱ-ӿ{INVISIBLE}]+[A-Za-z]|[A-Za-z][Ͱ-ӿ]|[Ͱ-ӿ][A-Za-z]")
BETWEEN_LETTERS = re.compile(r"[ .\-·]")


def bare_text(text: str) -> str:
    """The letters as they are read, with their case; « C-l-a-u-d-e » as one word."""
    decomposed = unicodedata.normalize("NFKD", html.unescape(text))
    seen = "".join([mark for mark in decomposed if mark.isascii() or _is_seen(mark)])
    bare = seen.translate(TYPOGRAPHY).translate(LOOKALIKES)
    bare = MARKS.sub("", LINK_TARGET.sub("", TAG.sub("", bare)))
    return SPELT_OUT.sub(lambda spelt: BETWEEN_LETTERS.sub("", spelt.group()), SPACES.sub(" ", bare))


def _is_seen(mark: str) -> bool:
    return not unicodedata.combining(mark) and unicodedata.category(mark) != "Cf"


def disguised_words(text: str) -> list[str]:
    """As they are read, the words that nobody writes unless to hide them: with invisible characters between
    letters, or in two alphabets.
    """
    words = (word.group() for word in WORD.finditer(text))
    return [bare_text(word) for word in words if not word.isascii() and IN_DISGUISE.search(word)]
