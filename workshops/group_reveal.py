"""The reveal for a room: both models, their ratio, and the session's own consumption."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from duels.answers.consumption import answers_by_side, estimate_side
from duels.models import Duel
from duels.queries import load_answers
from duels.reveal.moment import Moment, build_moment
from duels.reveal.ratio_labels import method_label
from duels.reveal.served_by import hosts_note
from duels.reveal.sides import RevealSide, build_sides, method_of_the_day, ratio_of
from science.energy import Ratio, method_named
from web.formatting import format_int, format_significant, percent, watt_hours
from workshops.models import Round, Workshop


@dataclass(frozen=True, slots=True)
class GroupReveal:
    """The figures that the beats of the reveal show."""

    sides: list[RevealSide]
    ratio: Ratio | None
    moment: Moment
    method_label: str
    hosts_note: str

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
    def lengths(self) -> list[tuple[RevealSide, float, str]]:
        """Each side, its tokens in percent of the longer answer, and their number."""
        return [
            (side, round(100 * side.estimate.tokens / self.longest, 2), format_int(side.estimate.tokens))
            for side in self.sides
        ]

    @property
    def working_shares(self) -> list[tuple[RevealSide, float, str]]:
        """Each side, the share of its parameters that computes each token in percent, and its label."""
        sizes = [(side, side.estimate.shape.served_sizes()[1]) for side in self.sides]
        shares = [(side, size.active_b / size.total_b) for side, size in sizes]
        return [(side, round(100 * share, 1), percent(share)) for side, share in shares]


def reveal_to_group(duel: Duel) -> GroupReveal:
    load_answers(duel)
    method = method_of_the_day(duel)
    sides = build_sides(duel, method)
    ratio = ratio_of([side.estimate for side in sides])
    return GroupReveal(
        sides,
        ratio,
        build_moment(sides, ratio),
        method_label(method_named(method)),
        hosts_note(ratio, [side.estimate.hosting for side in sides]),
    )


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
    """The energy that the answers so far have taken, none of a recorded duel; None before the first reveal.

    The step in play is left out until its reveal, with the pairs that were replaced in it: a total that
    grew would tell of their models.
    """
    finished = list(workshop.rounds.filter(duel__isnull=False, duel__recorded_on=None).select_related("duel"))
    revealed = {one.step_id for one in finished if one.revealed_at}
    in_play = [one for one in finished if one.step_id == workshop.step_id]
    if any(one.replaced_at is None and one.revealed_at is None for one in in_play):
        revealed.discard(workshop.step_id)
    shown = [one for one in finished if one.step_id in revealed]
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
