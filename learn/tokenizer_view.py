"""One text tokenized by each vocabulary, and its energy as an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext_lazy

from models_registry.pages.catalogue import CatalogueEntry
from models_registry.pages.labels import range_label
from science import tokens
from science.energy import estimate
from science.tokens import DEFAULT_VOCABULARY, VOCABULARIES, Vocabulary
from web.formatting import watt_hours

MAX_TEXT_CHARACTERS = 5_000
MAX_SHOWN_TOKENS = 200  # of each vocabulary; the counts are of the whole text
TINTS = 5

FIRST_TEXT = gettext_lazy(
    "La consommation d’un modèle dépend de sa taille, de la longueur du texte et de son architecture."
)
EXAMPLES = {
    "fr": (
        "Le soleil se lève à l’est et se couche à l’ouest. Entre les deux, il éclaire nos villes, réchauffe "
        "nos maisons et fait pousser nos légumes. "
        "Sans lui, il n’y aurait ni vent, ni pluie, ni petit-déjeuner."
    ),
    "en": (
        "The sun rises in the east and sets in the west. In between, it lights our cities, warms our homes "
        "and makes our vegetables grow. Without it, there would be no wind, no rain and no breakfast."
    ),
    "code": "def aire(rayon):\n\treturn 3.14159 * rayon ** 2\n",
    "signs": "Ça coûte 12\u202f500\u00a0€ 😀👩‍🚀 — « naïf », « e\u0301tude », ไทย, 中文\n",
}


@dataclass(frozen=True, slots=True)
class TokenSpan:
    """One displayed token: its text, its tint, and whether a line ends after it."""

    text: str
    tint: int
    ends_line: bool


@dataclass(frozen=True, slots=True)
class Tokenization:
    """A text tokenized by one vocabulary; empty when its package is not installed.

    percent: the count as a share of the largest count.
    spans: the first MAX_SHOWN_TOKENS tokens, or all.
    """

    vocabulary: Vocabulary
    available: bool
    count: int = 0
    percent: float = 0
    spans: tuple[TokenSpan, ...] = ()

    @property
    def hidden_count(self) -> int:
        """Tokens that are counted and not displayed."""
        return self.count - len(self.spans)


@dataclass(frozen=True, slots=True)
class LanguageComparison:
    """The same text in French and in English, in tokens of one vocabulary."""

    vocabulary: Vocabulary
    french: int
    english: int

    @property
    def more_percent(self) -> int:
        """Percent more tokens in French."""
        return round(100 * (self.french / self.english - 1))


@dataclass(frozen=True, slots=True)
class TextCost:
    """The energy of the text, had a model written it.

    is_own: whether the tokens are counted with the model's own vocabulary.
    """

    entry: CatalogueEntry
    vocabulary: Vocabulary
    is_own: bool
    tokens: int
    energy_label: str
    range_label: str


@dataclass(frozen=True, slots=True)
class TokenizedText:
    """A text tokenized by every vocabulary."""

    characters: int
    tokenizations: list[Tokenization]
    cost: TextCost | None


def tokenize_all(text: str, entry: CatalogueEntry | None, whole: str = "") -> TokenizedText:
    """The text tokenized by every vocabulary, and its energy for one model."""
    return TokenizedText(len(text), tokenizations(text, whole), text_cost(text, entry) if entry else None)


def text_cost(text: str, entry: CatalogueEntry) -> TextCost:
    vocabulary, is_own = vocabulary_of(entry)
    length = tokens.count(text, vocabulary.key)
    energy = estimate(entry.shape, length)
    return TextCost(entry, vocabulary, is_own, length, watt_hours(energy.mid_wh), range_label(energy))


def tokenizations(text: str, whole: str = "") -> list[Tokenization]:
    """The text tokenized by every vocabulary, fewest tokens first.

    whole: the key of the vocabulary whose tokens are all displayed.
    """
    by_key = {key: tokens.tokenize(text, key) for key, each in VOCABULARIES.items() if each.available}
    max_count = max(map(len, by_key.values()), default=0) or 1  # an empty text has no token
    available = [
        Tokenization(
            vocabulary=VOCABULARIES[key],
            available=True,
            count=len(found),
            percent=round(100 * len(found) / max_count, 2),
            spans=token_spans(found if key == whole else found[:MAX_SHOWN_TOKENS]),
        )
        for key, found in by_key.items()
    ]
    missing = [Tokenization(each, available=False) for each in VOCABULARIES.values() if not each.available]
    return sorted(available, key=lambda tokenization: tokenization.count) + missing


def token_spans(shown: Sequence[tokens.Token]) -> tuple[TokenSpan, ...]:
    return tuple(
        TokenSpan(token.text, 1 + index % TINTS, ends_line=token.bytes.endswith(b"\n"))
        for index, token in enumerate(shown)
    )


def vocabulary_of(entry: CatalogueEntry) -> tuple[Vocabulary, bool]:
    """The vocabulary to count a model's tokens with, and whether it is its own."""
    own = tokens.own_vocabulary(entry.model.tokenizer_family)
    return (own, True) if own else (VOCABULARIES[DEFAULT_VOCABULARY], False)


@cache
def compare_languages() -> tuple[LanguageComparison, ...]:
    """The example in both languages, by every installed vocabulary, the smallest difference first."""
    pairs = [
        LanguageComparison(known, tokens.count(EXAMPLES["fr"], key), tokens.count(EXAMPLES["en"], key))
        for key, known in VOCABULARIES.items()
        if known.available
    ]
    return tuple(sorted(pairs, key=lambda pair: pair.french / pair.english))
