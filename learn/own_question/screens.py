"""Contents of the five screens, for both answers: tokens, weights, experts, machine, energy."""

import math
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duels.models import Side
from duels.reveal.comparisons import Comparison, compare_energy
from duels.reveal.display import Term
from duels.reveal.options import RevealOptions
from duels.reveal.ratio_labels import format_2_digits, headline, headline_note
from duels.reveal.sides import ratio_of
from learn.moe_drawing import BLOCK_COLUMNS, NetworkDrawing, draw_dense, draw_mixture, svg_path
from learn.own_question.followed import FollowedAnswer, FollowedQuestion
from learn.sizes import BITS_PER_BYTE
from learn.tokenizer_view import TokenSpan, token_spans, vocabulary_of
from models_registry.pages.catalogue import CatalogueEntry
from models_registry.pages.energy_bar import BarSegment, energy_bar
from models_registry.pages.labels import size_label
from science import tokens
from science.energy.physical_method_2 import weights_read_b
from science.tokens import Vocabulary
from web.formatting import KILO, percent

SHOWN_QUESTION_TOKENS = 48  # of each text: five screens fit on one page of paper
SHOWN_ANSWER_TOKENS = 32
DRAWN_TOKENS = 3
MAX_CHIPS = 64


@dataclass(frozen=True, slots=True)
class Screen:
    """key: its anchor, and the name of its template; previous and following are keys, empty at the ends."""

    number: int
    key: str
    name: str
    previous: str
    following: str

    @property
    def template(self) -> str:
        return f"learn/own_question/_{self.key}.html"


SCREEN_NAMES: dict[str, Promise] = {
    "tokens": gettext_lazy("Jetons"),
    "weights": gettext_lazy("Poids"),
    "experts": gettext_lazy("Experts"),
    "machine": gettext_lazy("Machine"),
    "plug": gettext_lazy("Prise"),
}


@dataclass(frozen=True, slots=True)
class CutText:
    """A text in tokens of one vocabulary: all counted, the first ones shown."""

    count: int
    spans: tuple[TokenSpan, ...]

    @property
    def hidden_count(self) -> int:
        return self.count - len(self.spans)


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of one model, and those that one token of one conversation reads.

    sides: of the squares whose areas are all parameters and those read, in percent of the larger model's.
    """

    size: str
    memory: str
    read_once: str
    read_in_all: str
    outer_percent: float
    inner_percent: float

    @property
    def inner_top(self) -> float:
        """Both squares stand on one ground."""
        return round(self.outer_percent - self.inner_percent, 2)


@dataclass(frozen=True, slots=True)
class AnswerScreens:
    """One side on all five screens.

    drawing: None where nobody has published what it would show.
    working_share: of a model without experts that does not work whole, in percent; else empty.
    chips: an SVG path, of chip_rows rows.
    """

    side: Side
    entry: CatalogueEntry
    vocabulary: Vocabulary
    is_own_vocabulary: bool
    question: CutText
    text: CutText
    written: int
    reasoning: int
    weights: Weights
    drawing: NetworkDrawing | None
    working_share: str
    chips: str
    chip_rows: int
    chip_count: int
    served: Term
    parts: list[BarSegment]
    energy_percent: float

    @property
    def letter(self) -> str:
        return self.side.label


@dataclass(frozen=True, slots=True)
class QuestionScreens:
    """The five screens with both sides, and what compares them on the last."""

    screens: list[Screen]
    answers: list[AnswerScreens]
    sentence: str
    note: str
    comparisons: list[Comparison]


def question_screens(followed: FollowedQuestion) -> QuestionScreens:
    energies = [answer.entry.energy for answer in followed.answers]
    largest_b = max(answer.entry.size_b for answer in followed.answers)
    most_wh = max(energy.mid_wh for energy in energies)
    names = [answer.entry.model.name for answer in followed.answers]
    ratio = ratio_of(energies)
    return QuestionScreens(
        screens=_screens(),
        answers=[_answer(followed.question, one, largest_b, most_wh) for one in followed.answers],
        sentence=headline(ratio, names),
        note=headline_note(ratio),
        comparisons=compare_energy(energies, RevealOptions()).shown,
    )


def _screens() -> list[Screen]:
    keys = ["", *SCREEN_NAMES, ""]
    return [
        Screen(number, key, str(name), keys[number - 1], keys[number + 1])
        for number, (key, name) in enumerate(SCREEN_NAMES.items(), start=1)
    ]


def _answer(question: str, followed: FollowedAnswer, largest_b: float, most_wh: float) -> AnswerScreens:
    entry, energy = followed.entry, followed.entry.energy
    vocabulary, is_own = vocabulary_of(entry)
    text = _cut(followed.text, vocabulary, SHOWN_ANSWER_TOKENS)
    chips = min(energy.gpu_count, MAX_CHIPS)
    return AnswerScreens(
        side=followed.side,
        entry=entry,
        vocabulary=vocabulary,
        is_own_vocabulary=is_own,
        question=_cut(question, vocabulary, SHOWN_QUESTION_TOKENS),
        text=text,
        written=round(energy.tokens),
        reasoning=round(energy.reasoning_tokens),
        weights=_weights(entry, largest_b),
        drawing=_drawing(entry, [span.text for span in text.spans[:DRAWN_TOKENS]]),
        working_share=percent(_working_share(entry)) if _working_share(entry) < 1 else "",
        chips=svg_path((chip % BLOCK_COLUMNS, chip // BLOCK_COLUMNS) for chip in range(chips)),
        chip_rows=math.ceil(chips / BLOCK_COLUMNS),
        chip_count=energy.gpu_count,
        served=followed.served,
        parts=energy_bar(energy),
        energy_percent=round(100 * energy.mid_wh / most_wh, 3),
    )


def _cut(text: str, vocabulary: Vocabulary, shown: int) -> CutText:
    found = tokens.tokenize(text, vocabulary.key)
    return CutText(len(found), token_spans(found[:shown]))


def _weights(entry: CatalogueEntry, largest_b: float) -> Weights:
    size = entry.shape.served_sizes()[1]
    read_b, bytes_each = weights_read_b(size, batch=1), entry.shape.weight_bits / BITS_PER_BYTE
    return Weights(
        size=size_label(entry.shape),
        memory=storage_label(size.total_b * bytes_each),
        read_once=storage_label(read_b * bytes_each),
        read_in_all=storage_label(read_b * bytes_each * entry.energy.tokens),
        outer_percent=_side_percent(size.total_b / largest_b),
        inner_percent=_side_percent(read_b / largest_b),
    )


def _side_percent(area: float) -> float:
    return round(100 * math.sqrt(area), 2)


def storage_label(gigabytes: float) -> str:
    """An amount of memory with its unit: « 270 Mo », « 48 Go », « 15 To »."""
    if gigabytes < 1:
        return _("%(number)s Mo") % {"number": format_2_digits(gigabytes * KILO)}
    if gigabytes < KILO:
        return _("%(number)s Go") % {"number": format_2_digits(gigabytes)}
    return _("%(number)s To") % {"number": format_2_digits(gigabytes / KILO)}


def _drawing(entry: CatalogueEntry, shown: list[str]) -> NetworkDrawing | None:
    """The cells that work for the first tokens of the answer."""
    if entry.model.experts_total:
        return draw_mixture(entry, shown)
    return draw_dense(entry, shown, _working_share(entry)) if entry.disclosed else None


def _working_share(entry: CatalogueEntry) -> float:
    """Active over all parameters, 1 where neither is published."""
    shape = entry.shape
    return (
        shape.active_params_b / shape.total_params_b
        if shape.active_params_b and shape.total_params_b
        else 1.0
    )
