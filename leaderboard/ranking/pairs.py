"""Who won how often against whom: one record for each pair of models that met in votes that count."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass

import numpy as np

from leaderboard.ranking.aggregate import PairCounts


@dataclass(frozen=True, slots=True)
class PairRecord:
    """All the counted votes between two models; keys of models in order."""

    first_id: int
    second_id: int
    first_wins: int
    second_wins: int
    ties: int
    both_bad: int


@dataclass(frozen=True, slots=True)
class Tally:
    """A model's votes against one other, or against all."""

    wins: int = 0
    losses: int = 0
    ties: int = 0
    both_bad: int = 0

    @property
    def votes(self) -> int:
        return self.wins + self.losses + self.ties + self.both_bad

    @property
    def win_rate(self) -> float:
        """The share of votes that it won; a draw is nobody's win."""
        return self.wins / self.votes

    @property
    def draws(self) -> int:
        return self.ties + self.both_bad


def pair_records(counts: PairCounts) -> list[tuple[int, ...]]:
    """One record for each pair that met, as plain tuples, to be stored."""
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


def tallies_by_pair(records: Iterable[Iterable[int]]) -> dict[tuple[int, int], Tally]:
    """Both sides of every stored record: the votes of (model, opponent), by their keys."""
    found = {}
    for record in (PairRecord(*stored) for stored in records):
        draws = record.ties, record.both_bad
        pair = record.first_id, record.second_id
        found[pair] = Tally(record.first_wins, record.second_wins, *draws)
        found[pair[::-1]] = Tally(record.second_wins, record.first_wins, *draws)
    return found
