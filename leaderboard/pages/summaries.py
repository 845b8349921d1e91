"""Summaries of a snapshot: excluded ballots, outcomes, effects of style, reasons, preference shifts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from duels.models import Vote
from duels.votes.vote_reasons import Reason, vote_reasons
from leaderboard.models import SET_ASIDE, Ballot, Exclusion, Snapshot
from leaderboard.pages.table import LeaderboardEntry, percent_label
from leaderboard.ranking.second_votes import PreferenceShift, PreferredKind
from science.energy import Interval
from web.formatting import dated, format_int, format_significant, localized

MIN_REASONS = 20  # below, shares of reasons say little
MIN_SECOND_VOTES = 20  # the same for shifts


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """The counts of the reasons given for one model, in the order of the columns."""

    entry: LeaderboardEntry
    total: int
    counts: list[int]


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """The shares that one model won before and after the reveal, in its duels with a second vote."""

    entry: LeaderboardEntry
    duels: int
    blind_label: str
    second_label: str
    change: float

    @property
    def change_label(self) -> str:
        return _signed(round(100 * self.change))


@dataclass(frozen=True, slots=True)
class SetAsideRow:
    """Votes that a curator has set aside: why, then how many, which and since when, in one line."""

    reason: str
    details: str


def excluded_counts(snapshot: Snapshot) -> list[tuple[str, str]]:
    """The number of ballots excluded for each reason; zeros too, but for those of votes cast in series."""
    excluded = snapshot.excluded
    counts = [(str(reason.label), excluded.get(reason.value, 0)) for reason in Exclusion]
    in_series = [(str(reason.label), excluded.get(reason.value, 0)) for reason in Vote.Uncounted]
    counts += [(label, count) for label, count in in_series if count]
    counts.append((_("mis à l’écart par un curateur"), excluded.get(SET_ASIDE, 0)))
    return [(label, format_int(count)) for label, count in counts]


def set_aside_rows(snapshot: Snapshot) -> list[SetAsideRow]:
    """The set-asides of curators, newest first."""
    return [
        SetAsideRow(localized(stored["reason_fr"], stored["reason_en"]), _set_aside_details(stored))
        for stored in snapshot.set_asides
    ]


def _set_aside_details(stored: dict[str, Any]) -> str:
    votes = stored["votes"]
    details = [ngettext("%(votes)s vote", "%(votes)s votes", votes) % {"votes": format_int(votes)}]
    if stored["source"]:
        details.append(stored["source"])
    if stored["is_one_voter"]:
        details.append(_("d’une seule personne"))
    if stored["since"]:
        details.append(_("depuis le %(moment)s") % {"moment": _moment(stored["since"])})
    if stored["until"]:
        details.append(_("jusqu’au %(moment)s") % {"moment": _moment(stored["until"])})
    details.append(_("décidé le %(moment)s") % {"moment": _moment(stored["decided_at"])})
    return ", ".join(details)


def _moment(stored: str) -> str:
    return dated(timezone.localtime(datetime.fromisoformat(stored)), "SHORT_DATETIME_FORMAT")


def outcome_counts(snapshot: Snapshot) -> list[tuple[str, str]]:
    """The number of counted votes by outcome."""
    ended = snapshot.outcomes
    decided = ended.get(Ballot.Outcome.FIRST, 0) + ended.get(Ballot.Outcome.SECOND, 0)
    return [
        (_("un modèle préféré à l’autre"), format_int(decided)),
        (_("les deux se valent"), format_int(ended.get(Ballot.Outcome.TIE, 0))),
        (_("aucune des deux"), format_int(ended.get(Ballot.Outcome.BOTH_BAD, 0))),
    ]


def style_effects(snapshot: Snapshot) -> list[tuple[str, str, str]]:
    """The effect of each aspect of style: its name, its points and their interval."""
    names = {
        "length": _("être deux fois plus longue que l’autre"),
        "markdown": _("avoir deux fois plus de titres, de listes et de gras"),
        "side": _("être du côté A"),
    }
    # Twice as much is a relative difference of (2 - 1) / (2 + 1); side a is 1, side b -1.
    units = {"length": 1 / 3, "markdown": 1 / 3, "side": 1.0}
    ends = [(names[name], Interval(*effect).times(units[name])) for name, effect in snapshot.style.items()]
    return [(name, _signed(end.mid), f"{_signed(end.low)} … {_signed(end.high)}") for name, end in ends]


def _signed(points: float) -> str:
    return f"{'+' if points > 0 else '−' if points < 0 else ''}{format_significant(abs(points))}"


def reason_table(entries: Iterable[LeaderboardEntry]) -> tuple[list[Reason], list[ReasonRow]]:
    """The columns, and the models with at least MIN_REASONS reasons, most first.

    Reasons that curators have disabled have a column where they are counted.
    """
    totals = [(sum(entry.row.reasons.values()), entry) for entry in entries]
    shown = [(total, entry) for total, entry in totals if total >= MIN_REASONS]
    counted = {code for _total, entry in shown for code in entry.row.reasons}
    columns = [reason for reason in vote_reasons() if reason.is_enabled or reason.code in counted]
    rows = [
        ReasonRow(entry, total, [entry.row.reasons.get(reason.code, 0) for reason in columns])
        for total, entry in shown
    ]
    return columns, sorted(rows, key=lambda row: -row.total)


def shift_table(snapshot: Snapshot) -> list[tuple[str, list[int]]]:
    """One row for each kind preferred blind, with the number of duels for each kind preferred after.

    Empty where there is no second vote.
    """
    names = {
        PreferredKind.FRUGAL: _("le plus sobre"),
        PreferredKind.HUNGRY: _("le plus gourmand"),
        PreferredKind.OTHER: _("aucun des deux plus que l’autre"),
    }
    rows = []
    for blind, name in names.items():
        numbers = snapshot.shift.get(blind, {})
        rows.append((name, [numbers.get(second, 0) for second in PreferredKind]))
    return rows if any(sum(numbers) for _name, numbers in rows) else []


def shift_rows(entries: Iterable[LeaderboardEntry]) -> list[ShiftRow]:
    """The models with at least MIN_SECOND_VOTES, those that gained most first."""
    rows = [_shift_row(entry, PreferenceShift(**entry.row.shift)) for entry in entries if entry.row.shift]
    return sorted((row for row in rows if row.duels >= MIN_SECOND_VOTES), key=lambda row: -row.change)


def _shift_row(entry: LeaderboardEntry, shift: PreferenceShift) -> ShiftRow:
    blind, second = percent_label(shift.blind_share), percent_label(shift.second_share)
    return ShiftRow(entry, shift.duels, blind, second, shift.second_share - shift.blind_share)
