"""Head-to-head records: one for each pair of models that met in counted votes."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass

import numpy as np

from leaderboard.ranking.aggregate import PairCounts


@dataclass(frozen=True, slots=True)
class PairRecord:
    """All counted votes between two models, the lower key first; stored in `Snapshot.pairs` as a list."""

    first_id: int
    second_id: int
    first_wins: int
    second_wins: int
    ties: int
    both_bad: int


@dataclass(frozen=True, slots=True)
class Tally:
    """One model's votes against another; a tie is a vote for neither, be both good or both bad."""

    wins: int
    losses: int
    ties: int

    @property
    def votes(self) -> int:
        return self.wins + self.losses + self.ties

    @property
    def win_rate(self) -> float:
        """The share of votes won; a tie is nobody's win."""
        return self.wins / self.votes


def pair_records(counts: PairCounts) -> list[tuple[int, ...]]:
    """The fields of one PairRecord for each pair that met, ready to be stored."""
    votes, n_models = counts.votes, len(counts.model_ids)
    cells = votes.first * n_models + votes.second
    sums = [
        np.bincount(cells, amounts, minlength=n_models**2).astype(np.int64)
        for amounts in (votes.matches, counts.first_wins, counts.second_wins, counts.both_bad)
    ]
    keys = [int(key) for key in counts.model_ids]
    records = []
    for cell in np.flatnonzero(sums[0]).tolist():
        matches, first_wins, second_wins, both_bad = (int(amounts[cell]) for amounts in sums)
        ties = matches - first_wins - second_wins - both_bad
        pair = keys[cell // n_models], keys[cell % n_models]
        records.append(astuple(PairRecord(*pair, first_wins, second_wins, ties, both_bad)))
    return records


def tallies_by_pair(stored: Iterable[Iterable[int]]) -> dict[tuple[int, int], Tally]:
    """The tally of each (model, opponent), by keys, from stored records: two for each record."""
    tallies = {}
    for record in (PairRecord(*fields) for fields in stored):
        pair = record.first_id, record.second_id
        ties = record.ties + record.both_bad
        tallies[pair] = Tally(record.first_wins, record.second_wins, ties)
        tallies[pair[::-1]] = Tally(record.second_wins, record.first_wins, ties)
    return tallies
