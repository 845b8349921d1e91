"""The reveal for a room: both models, the squares of their ratio, and the session's own consumption."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from duels.answers.consumption import answers_by_side, estimate_side
from duels.models import Duel
from duels.queries import load_answers
from duels.reveal.ratio_labels import format_2_digits, headline_note, method_label
from duels.reveal.sides import RevealSide, build_sides, method_of_the_day, ratio_of
from science.energy import Ratio, Verdict, method_named
from web.formatting import format_int, format_significant, watt_hours
from workshops.models import Round, Workshop

MIN_SQUARES = 10
MAX_SQUARES = 1_000  # beyond, a square is too small to be seen from eight metres
FIELD_WIDTH, FIELD_HEIGHT = 600, 360  # units of the drawing


@dataclass(frozen=True, slots=True)
class SquareField:
    """The hungrier answer as a field of squares, one of which is the other answer."""

    cell: float  # side of one square with its gap
    squares: tuple[tuple[float, float], ...]  # left and top of each; the last is the frugal answer


@dataclass(frozen=True, slots=True)
class GroupReveal:
    """What the beats of the reveal show; field is None where both answers are of the same order."""

    sides: list[RevealSide]
    ratio: Ratio | None
    factor_label: str
    sentence: str
    note: str
    hungrier: str
    field: SquareField | None
    method_label: str

    @property
    def longest(self) -> float:
        return max(1, *(side.estimate.tokens for side in self.sides))

    @property
    def largest_b(self) -> float:
        return max(side.estimate.shape.served_sizes()[1].total_b for side in self.sides)

    @property
    def squares(self) -> list[tuple[RevealSide, float, float]]:
        """Each side, and a square whose area is its size: its width and top, in percent of the larger."""
        shares = [side.estimate.shape.served_sizes()[1].total_b / self.largest_b for side in self.sides]
        widths = [round(100 * math.sqrt(share), 2) for share in shares]
        return [(side, width, round(100 - width, 2)) for side, width in zip(self.sides, widths, strict=True)]

    @property
    def energy_squares(self) -> list[tuple[str, int, float, float]]:
        """The letter of each side, and a square whose area is its energy: left, width and top."""
        most = max(side.estimate.mid_wh for side in self.sides) or 1
        widths = [round(100 * math.sqrt(side.estimate.mid_wh / most), 2) for side in self.sides]
        return [
            (side.side, left, width, round(100 - width, 2))
            for side, left, width in zip(self.sides, (0, 110), widths, strict=True)
        ]

    @property
    def lengths(self) -> list[tuple[RevealSide, float, str]]:
        """Each side, its tokens in percent of the longer answer, and their number."""
        return [
            (side, round(100 * side.estimate.tokens / self.longest, 2), format_int(side.estimate.tokens))
            for side in self.sides
        ]

    @property
    def working_shares(self) -> list[tuple[RevealSide, float]]:
        """Each side, and the share of its parameters that computes each token, in percent."""
        sizes = [(side, side.estimate.shape.served_sizes()[1]) for side in self.sides]
        return [(side, round(100 * size.active_b / size.total_b, 1)) for side, size in sizes]


def reveal_to_group(duel: Duel) -> GroupReveal:
    load_answers(duel)
    method = method_of_the_day(duel)
    sides = build_sides(duel, method)
    ratio = ratio_of([side.estimate for side in sides])
    is_apart = ratio is not None and ratio.verdict is not Verdict.SAME_ORDER
    hungrier = "a" if ratio and ratio.verdict is Verdict.FIRST_MORE else "b"
    return GroupReveal(
        sides=sides,
        ratio=ratio,
        factor_label=format_2_digits(ratio.factor) if ratio and is_apart else "",
        sentence=_sentence(sides, ratio, hungrier),
        note=headline_note(ratio),
        hungrier=hungrier,
        field=square_field(ratio.factor) if ratio and is_apart else None,
        method_label=method_label(method_named(method)),
    )


def _sentence(sides: list[RevealSide], ratio: Ratio | None, hungrier: str) -> str:
    """One sentence to repeat."""
    if ratio is None:
        return _("Une seule réponse : rien à comparer.")
    if ratio.verdict is Verdict.SAME_ORDER:
        return _("Les deux réponses ont demandé une énergie du même ordre.")
    large, small = sorted(sides, key=lambda side: side.side != hungrier)
    return _("Avec l’énergie d’une réponse de %(large)s, %(small)s aurait répondu %(factor)s fois.") % {
        "large": large.model.name,
        "small": small.model.name,
        "factor": format_2_digits(ratio.factor),
    }


def square_field(factor: float) -> SquareField | None:
    """As many squares as the factor, rounded, in rows that fill the drawing; None where a rounded count
    would mislead (below MIN_SQUARES) or not be seen (beyond MAX_SQUARES): two areas are drawn instead.
    """
    count = round(factor)
    if not MIN_SQUARES <= count <= MAX_SQUARES:
        return None
    columns = math.ceil(math.sqrt(count * FIELD_WIDTH / FIELD_HEIGHT))
    rows = math.ceil(count / columns)
    cell = min(FIELD_WIDTH / columns, FIELD_HEIGHT / rows)
    places = [(rank % columns, rank // columns) for rank in range(count)]
    return SquareField(round(cell, 2), tuple((round(x * cell, 2), round(y * cell, 2)) for x, y in places))


@dataclass(frozen=True, slots=True)
class SessionTotal:
    """The energy of the answers of a session, in Wh."""

    low_wh: float
    mid_wh: float
    high_wh: float
    duels: int

    @property
    def label(self) -> str:
        return _("environ %(mid)s (%(low)s à %(high)s)") % {
            "mid": watt_hours(self.mid_wh),
            "low": format_significant(self.low_wh),
            "high": format_significant(self.high_wh),
        }


def session_total(workshop: Workshop) -> SessionTotal | None:
    """What the answers so far have taken; None before the first reveal.

    The step in play is left out until its reveal, with the pairs that were replaced in it: a total that
    grew would tell of their models.
    """
    finished = workshop.rounds.exclude(duel=None).select_related("duel")
    revealed = set(finished.exclude(revealed_at=None).values_list("step_id", flat=True))
    hidden = finished.filter(step_id=workshop.step_id, replaced_at=None, revealed_at=None).exists()
    shown = [
        one
        for one in finished
        if one.step_id in revealed and not (hidden and one.step_id == workshop.step_id)
    ]
    return add_up(shown) if shown else None


def add_up(rounds: Iterable[Round]) -> SessionTotal:
    """The sum over rounds of the energy of both answers: each end of the ranges, and their middles."""
    low = mid = high = 0.0
    duels = 0
    for one in rounds:
        assert one.duel is not None
        duels += 1
        for answers in answers_by_side(load_answers(one.duel)).values():
            energy = estimate_side(answers)
            low, mid, high = low + energy.low_wh, mid + energy.mid_wh, high + energy.high_wh
    return SessionTotal(low, mid, high, duels)
