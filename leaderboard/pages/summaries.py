"""Counts in words: what was excluded and why, how votes ended, which reasons readers gave."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from duels.models import NEGATIVE_REASONS, POSITIVE_REASONS, Reason
from leaderboard.models import Ballot, Exclusion, Snapshot
from leaderboard.pages.table import LeaderboardEntry, percent_label
from leaderboard.ranking.second_votes import PreferenceShift, PreferredKind
from science.energy import Interval
from web.formatting import format_int, format_significant

MIN_REASONS = 20  # below, shares of reasons say little
MIN_SECOND_VOTES = 20  # the same for shifts


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """How often each reason was given for one model, in the order of REASONS."""

    entry: LeaderboardEntry
    total: int
    counts: list[int]


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """Of one model's duels with a second vote: shares won before and after the reveal, in words."""

    entry: LeaderboardEntry
    duels: int
    blind_label: str
    second_label: str
    change: float

    @property
    def change_label(self) -> str:
        return _signed(round(100 * self.change))


REASONS = (*POSITIVE_REASONS, *NEGATIVE_REASONS)


def excluded_counts(snapshot: Snapshot) -> list[tuple[str, str]]:
    """Every reason why a result does not count, with how many there were, zeros included."""
    return [(str(reason.label), format_int(snapshot.excluded.get(reason.value, 0))) for reason in Exclusion]


def outcome_counts(snapshot: Snapshot) -> list[tuple[str, str]]:
    """How the counted votes ended."""
    ended = snapshot.outcomes
    decided = ended.get(Ballot.Outcome.FIRST, 0) + ended.get(Ballot.Outcome.SECOND, 0)
    return [
        (_("un modèle préféré à l’autre"), format_int(decided)),
        (_("les deux se valent"), format_int(ended.get(Ballot.Outcome.TIE, 0))),
        (_("aucune des deux"), format_int(ended.get(Ballot.Outcome.BOTH_BAD, 0))),
    ]


def style_effects(snapshot: Snapshot) -> list[tuple[str, str, str]]:
    """What each aspect of style is worth, in points, with its interval."""
    names = {
        "length": _("être deux fois plus longue que l’autre"),
        "markdown": _("avoir deux fois plus de titres, de listes et de gras"),
        "side": _("être du côté A"),
    }
    # Twice as much is a relative difference of (2 - 1) / (2 + 1); a side is 1 or -1, half of the way between.
    units = {"length": 1 / 3, "markdown": 1 / 3, "side": 1.0}
    ends = [(names[name], Interval(*effect).times(units[name])) for name, effect in snapshot.style.items()]
    return [(name, _signed(end.mid), f"{_signed(end.low)} … {_signed(end.high)}") for name, end in ends]


def _signed(points: float) -> str:
    return f"{'+' if points > 0 else '−' if points < 0 else ''}{format_significant(abs(points))}"


def reason_rows(entries: Iterable[LeaderboardEntry]) -> list[ReasonRow]:
    """The models for which readers gave enough reasons, most first."""
    told = [
        ReasonRow(entry, sum(given.values()), [given.get(reason.value, 0) for reason in REASONS])
        for entry in entries
        for given in [entry.row.reasons]
    ]
    return sorted((one for one in told if one.total >= MIN_REASONS), key=lambda one: -one.total)


def reason_names() -> list[str]:
    return [str(Reason(reason).label) for reason in REASONS]


def shift_table(snapshot: Snapshot) -> list[tuple[str, list[int]]]:
    """Second votes by blind pick, one entry each; empty where there is none."""
    names = {
        PreferredKind.FRUGAL: _("le plus sobre"),
        PreferredKind.HUNGRY: _("le plus gourmand"),
        PreferredKind.OTHER: _("aucun des deux plus que l’autre"),
    }
    told = [
        (names[blind], [snapshot.shift.get(blind, {}).get(second, 0) for second in PreferredKind])
        for blind in PreferredKind
    ]
    return told if any(sum(numbers) for _name, numbers in told) else []


def shift_rows(entries: Iterable[LeaderboardEntry]) -> list[ShiftRow]:
    """The models with enough second votes, those that gained most first."""
    told = [_shift_row(entry, PreferenceShift(**entry.row.shift)) for entry in entries if entry.row.shift]
    return sorted((one for one in told if one.duels >= MIN_SECOND_VOTES), key=lambda one: -one.change)


def _shift_row(entry: LeaderboardEntry, shift: PreferenceShift) -> ShiftRow:
    blind, second = percent_label(shift.blind_share), percent_label(shift.second_share)
    return ShiftRow(entry, shift.duels, blind, second, shift.second_share - shift.blind_share)
