"""Head-to-head results: a matrix of the most voted models, and the opponents of one model."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from leaderboard.models import Snapshot
from leaderboard.pages.table import LeaderboardEntry, percent_label
from leaderboard.ranking.pairs import Tally, tallies_by_pair

MAX_MODELS = 12  # a wider matrix is not legible; the page of each model lists all of its opponents
MIN_SHADED_VOTES = 10  # below, a share says almost nothing


@dataclass(frozen=True, slots=True)
class PairCell:
    """The result of one model against `opponent`; no tally where they never met."""

    opponent: LeaderboardEntry
    tally: Tally | None
    is_itself: bool = False

    @property
    def cache_key(self) -> tuple[Hashable, ...]:
        return self.opponent.cache_key, self.tally, self.is_itself

    @property
    def win_label(self) -> str:
        return percent_label(self.tally.win_rate) if self.tally else ""

    @property
    def tie_label(self) -> str:
        return percent_label(self.tally.ties / self.tally.votes) if self.tally else ""

    @property
    def loss_label(self) -> str:
        return percent_label(self.tally.losses / self.tally.votes) if self.tally else ""

    @property
    def shade(self) -> str:
        """The tenths of the votes won, which tint the cell; "few" below MIN_SHADED_VOTES."""
        if self.tally is None or self.tally.votes < MIN_SHADED_VOTES:
            return "few"
        return str(round(10 * self.tally.win_rate))


def matrix(
    snapshot: Snapshot, entries: Sequence[LeaderboardEntry]
) -> list[tuple[LeaderboardEntry, list[PairCell]]]:
    """One row of cells for each of the most voted models, by score."""
    most_voted = sorted(entries, key=lambda entry: -entry.row.votes)[:MAX_MODELS]
    keys = {entry.row.model_id for entry in most_voted}
    tallies = tallies_by_pair(pair for pair in snapshot.pairs if keys.issuperset(pair[:2]))
    by_score = sorted(most_voted, key=lambda entry: -(entry.row.points or 0.0))
    return [(entry, [_cell(tallies, entry, other) for other in by_score]) for entry in by_score]


def opponents(
    snapshot: Snapshot, entry: LeaderboardEntry, entries: Sequence[LeaderboardEntry]
) -> list[PairCell]:
    """Every model that this one met, the most frequent first."""
    key = entry.row.model_id
    tallies = tallies_by_pair(pair for pair in snapshot.pairs if key in pair[:2])
    cells = [_cell(tallies, entry, other) for other in entries]
    met = [(cell.tally.votes, cell) for cell in cells if cell.tally]
    return [cell for _votes, cell in sorted(met, key=lambda pair: -pair[0])]


def _cell(
    tallies: dict[tuple[int, int], Tally], entry: LeaderboardEntry, other: LeaderboardEntry
) -> PairCell:
    pair = entry.row.model_id, other.row.model_id
    return PairCell(other, tallies.get(pair), is_itself=entry is other)
