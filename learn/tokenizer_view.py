"""The tokenizer lens: one text cut by each vocabulary, and what its length costs."""

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
    """One token as it is drawn: its text, its tint, and whether a entry ends with it."""

    text: str
    tint: int
    ends_line: bool


@dataclass(frozen=True, slots=True)
class Tokenization:
    """A text cut by one vocabulary; without pieces when its package is missing."""

    vocabulary: Vocabulary
    available: bool
    count: int = 0
    percent: float = 0
    pieces: tuple[TokenSpan, ...] = ()

    @property
    def hidden_count(self) -> int:
        """Tokens that are counted and not drawn."""
        return self.count - len(self.pieces)


@dataclass(frozen=True, slots=True)
class LanguageComparison:
    """The same text in French and in English, in tokens of one vocabulary."""

    vocabulary: Vocabulary
    french: int
    english: int

    @property
    def more_percent(self) -> int:
        """How many percent more tokens French takes."""
        return round(100 * (self.french / self.english - 1))


@dataclass(frozen=True, slots=True)
class TextCost:
    """What the text would take, had a model written it."""

    entry: CatalogueEntry
    vocabulary: Vocabulary
    is_own: bool
    tokens: int
    energy_label: str
    range_label: str


@dataclass(frozen=True, slots=True)
class TokenizedText:
    """A text under the lens."""

    characters: int
    cuts: list[Tokenization]
    cost: TextCost | None


def tokenize_all(text: str, entry: CatalogueEntry | None, whole: str = "") -> TokenizedText:
    """The text cut by every vocabulary, and its cost for one model."""
    return TokenizedText(len(text), tokenizations(text, whole), text_cost(text, entry) if entry else None)


def text_cost(text: str, entry: CatalogueEntry) -> TextCost:
    """The energy of the text as an answer of that model."""
    known, is_own = vocabulary_of(entry)
    length = tokens.count(text, known.key)
    energy = estimate(entry.shape, length)
    return TextCost(entry, known, is_own, length, watt_hours(energy.mid_wh), range_label(energy))


def tokenizations(text: str, whole: str = "") -> list[Tokenization]:
    """The text cut by every vocabulary, the fewest tokens first; all of it by the one named `whole`."""
    read = {key: tokens.tokenize(text, key) for key, known in VOCABULARIES.items() if known.available}
    longest = max((len(found) for found in read.values()), default=1) or 1
    found = [
        Tokenization(
            vocabulary=VOCABULARIES[key],
            available=True,
            count=len(cut),
            percent=round(100 * len(cut) / longest, 2),
            pieces=_spans(cut if key == whole else cut[:MAX_SHOWN_TOKENS]),
        )
        for key, cut in read.items()
    ]
    missing = [Tokenization(known, available=False) for known in VOCABULARIES.values() if not known.available]
    return sorted(found, key=lambda cut: cut.count) + missing


def _spans(cut: Sequence[tokens.Token]) -> tuple[TokenSpan, ...]:
    return tuple(
        TokenSpan(token.text, 1 + place % TINTS, ends_line=token.bytes.endswith(b"\n"))
        for place, token in enumerate(cut)
    )


def vocabulary_of(entry: CatalogueEntry) -> tuple[Vocabulary, bool]:
    """The vocabulary to count a model's tokens with, and whether it is the model's own."""
    own = VOCABULARIES.get(entry.model.tokenizer_family)
    if own is not None and own.available:
        return own, True
    return VOCABULARIES[DEFAULT_VOCABULARY], False


@cache
def compare_languages() -> tuple[LanguageComparison, ...]:
    """The sample text in both languages, by every vocabulary at hand, the fairest first."""
    pairs = [
        LanguageComparison(known, tokens.count(EXAMPLES["fr"], key), tokens.count(EXAMPLES["en"], key))
        for key, known in VOCABULARIES.items()
        if known.available
    ]
    return tuple(sorted(pairs, key=lambda pair: pair.french / pair.english))
