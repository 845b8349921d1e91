"""The entries of the leaderboard's table: labels, filters and orders."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leaderboard.models import ESTABLISHED_FROM, LISTED_FROM, Row
from models_registry.pages.filters import ModelFilters
from models_registry.pages.model_summary import ModelSummary
from science.energy import Interval
from web.formatting import format_int, format_significant, percent, watt_hours
from web.text_search import normalize


class MinVotes(TextChoices):
    """The fewest votes of the models to show; the default is LISTED_FROM."""

    ESTABLISHED = "established", gettext_lazy("1 000 votes ou plus")
    EVERY = "every", gettext_lazy("Tous, même sous 300")


class EnergyBasis(TextChoices):
    """The amount of text that the energies of the chart are for; the default is 1,000 tokens."""

    ANSWER = "answer", gettext_lazy("une réponse de longueur médiane")


class BoardOrder(TextChoices):
    """The orders of the table; a minus sorts from high to low."""

    RANK = "rank", gettext_lazy("Rang")
    NAME = "name", gettext_lazy("Modèle")
    SIZE = "size", gettext_lazy("Taille")
    SCORE = "-score", gettext_lazy("Score")
    STYLE = "-style", gettext_lazy("Score à style égal")
    CHANCE = "-chance", gettext_lazy("Bat le modèle moyen")
    VOTES = "-votes", gettext_lazy("Votes")
    ENERGY = "energy", gettext_lazy("Énergie pour 1 000 jetons")
    ANSWER = "answer", gettext_lazy("Énergie d’une réponse")
    LENGTH = "length", gettext_lazy("Longueur médiane")


@dataclass(frozen=True, slots=True)
class BoardQuery(ModelFilters):
    """The filters and the order in the address; empty is the default view."""

    votes: str = ""
    day: date | None = None
    enough: str = ""
    energy: str = ""
    order: str = BoardOrder.RANK


@dataclass(frozen=True, slots=True)
class LeaderboardEntry:
    """One model of a snapshot; its row never changes."""

    row: Row
    model: ModelSummary

    @property
    def cache_key(self) -> tuple[int, ModelSummary]:
        return self.row.pk, self.model

    @property
    def rank_middle(self) -> float | None:
        best, worst = self.row.best_rank, self.row.worst_rank
        return (best + worst) / 2 if best and worst else None

    @property
    def rank_label(self) -> str:
        """« 3 à 21 »; empty for a model without a rank."""
        best, worst = self.row.best_rank, self.row.worst_rank
        if best is None or best == worst:
            return str(best or "")
        return _("%(best)s à %(worst)s") % {"best": best, "worst": worst}

    @property
    def points_label(self) -> str:
        return "" if self.row.points is None else format_int(self.row.points)

    @property
    def points_range_label(self) -> str:
        return _range_label(self.row.points_low, self.row.points_high)

    @property
    def style_label(self) -> str:
        return "" if self.row.style_points is None else format_int(self.row.style_points)

    @property
    def style_range_label(self) -> str:
        return _range_label(self.row.style_low, self.row.style_high)

    @property
    def chance_label(self) -> str:
        return percent_label(self.row.beats_average)

    @property
    def per_1000(self) -> Interval | None:
        row = self.row
        return _interval(row.wh_per_1000_low, row.wh_per_1000_mid, row.wh_per_1000_high)

    @property
    def per_answer(self) -> Interval | None:
        row = self.row
        return _interval(row.wh_per_answer_low, row.wh_per_answer_mid, row.wh_per_answer_high)

    @property
    def per_1000_labels(self) -> tuple[str, str]:
        return energy_labels(self.per_1000)

    @property
    def per_answer_labels(self) -> tuple[str, str]:
        return energy_labels(self.per_answer)

    def energy(self, basis: str) -> Interval | None:
        return self.per_answer if basis == EnergyBasis.ANSWER else self.per_1000

    def frontier_chance(self, basis: str) -> float | None:
        return self.row.frontier_per_answer if basis == EnergyBasis.ANSWER else self.row.frontier_per_1000


def percent_label(share: float | None) -> str:
    """A share in whole percent; empty for None."""
    return "" if share is None else percent(share)


def energy_labels(energy: Interval | None) -> tuple[str, str]:
    """The middle with its unit, then the range; both empty for None."""
    if energy is None:
        return "", ""
    ends = {"low": format_significant(energy.low), "high": format_significant(energy.high)}
    return watt_hours(energy.mid), _("%(low)s à %(high)s") % ends


def _range_label(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return ""
    return _("%(low)s à %(high)s") % {"low": format_int(low), "high": format_int(high)}


def _interval(low: float | None, mid: float | None, high: float | None) -> Interval | None:
    return None if low is None or mid is None or high is None else Interval(low, mid, high)


def apply_query(entries: Iterable[LeaderboardEntry], query: BoardQuery) -> list[LeaderboardEntry]:
    """The entries that the query keeps, in its order; those without the value to sort by come last."""
    shown = [
        entry
        for entry in entries
        if entry.row.votes >= MIN_VOTES[query.enough] and query.matches(entry.model)
    ]
    key = SORT_KEYS[query.order.lstrip("-")]
    known = [entry for entry in shown if key(entry) is not None]
    ordered = sorted(known, key=key, reverse=query.order.startswith("-"))
    return ordered + [entry for entry in shown if key(entry) is None]


MIN_VOTES: dict[str, int] = {"": LISTED_FROM, MinVotes.ESTABLISHED: ESTABLISHED_FROM, MinVotes.EVERY: 1}

SORT_KEYS: dict[str, Callable[[LeaderboardEntry], Any]] = {
    "rank": lambda entry: entry.rank_middle,
    "name": lambda entry: normalize(entry.model.name),
    "size": lambda entry: entry.model.size_b,
    "score": lambda entry: entry.row.points,
    "style": lambda entry: entry.row.style_points,
    "chance": lambda entry: entry.row.beats_average,
    "votes": lambda entry: entry.row.votes,
    "energy": lambda entry: entry.row.wh_per_1000_mid,
    "answer": lambda entry: entry.row.wh_per_answer_mid,
    "length": lambda entry: entry.row.median_tokens,
}
