"""The head of the leaderboard: its news, the classes that votes cannot tell apart, the podiums."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _

from leaderboard.pages.table import LeaderboardEntry
from web.formatting import format_int, format_significant

# Wh of 1,000 tokens. Each class holds about a third of the starter catalogue.
ENERGY_BOUNDS_WH = (0.0, 0.1, 0.5, float("inf"))
PODIUM_SIZE = 3
SHOWN_IN_CLASS = 4
SHOWN_CLASSES = 3
CLEAR_FACTOR = 2  # below, two energies are of the same order


@dataclass(frozen=True, slots=True)
class IndistinctClass:
    """Models whose scores the votes cannot tell from that of the best of them, the most frugal first."""

    number: int
    points_label: str
    shown: list[LeaderboardEntry]
    more: list[LeaderboardEntry]


@dataclass(frozen=True, slots=True)
class Podium:
    """The best scores among the models of one class of energy."""

    label: str
    entries: list[LeaderboardEntry]


@dataclass(frozen=True, slots=True)
class Overview:
    """news: one sentence; empty where it has nothing to compare."""

    news: str
    classes: list[IndistinctClass]
    more_classes: list[IndistinctClass]
    podiums: list[Podium]


def build_overview(entries: Iterable[LeaderboardEntry]) -> Overview | None:
    """None with fewer than two scores."""
    scored = [entry for entry in entries if entry.row.points is not None and entry.rank_middle is not None]
    if len(scored) < 2:
        return None
    scored.sort(key=lambda entry: -(entry.row.points or 0))
    classes = indistinct_classes(scored)
    return Overview(_news(scored), classes[:SHOWN_CLASSES], classes[SHOWN_CLASSES:], _podiums(scored))


def indistinct_classes(scored: Sequence[LeaderboardEntry]) -> list[IndistinctClass]:
    """Cut a list, best first, before each model whose interval ends below that of the best of its class."""
    groups: list[list[LeaderboardEntry]] = []
    for entry in scored:
        if groups and _top(entry) >= _bottom(groups[-1][0]):
            groups[-1].append(entry)
        else:
            groups.append([entry])
    return [_class(number, group) for number, group in enumerate(groups, start=1)]


def _top(entry: LeaderboardEntry) -> float:
    row = entry.row
    return (row.points_high if row.points_high is not None else row.points) or 0.0


def _bottom(entry: LeaderboardEntry) -> float:
    row = entry.row
    return (row.points_low if row.points_low is not None else row.points) or 0.0


def _class(number: int, group: Sequence[LeaderboardEntry]) -> IndistinctClass:
    best, worst = (format_int(entry.row.points or 0) for entry in (group[0], group[-1]))
    points = best if best == worst else _("de %(worst)s à %(best)s") % {"worst": worst, "best": best}
    frugal_first = sorted(group, key=_wh)
    return IndistinctClass(number, points, frugal_first[:SHOWN_IN_CLASS], frugal_first[SHOWN_IN_CLASS:])


def _wh(entry: LeaderboardEntry) -> float:
    """Wh of 1,000 tokens; infinite where unknown, so that such models come last."""
    return entry.per_1000.mid if entry.per_1000 else float("inf")


def _podiums(scored: Sequence[LeaderboardEntry]) -> list[Podium]:
    podiums = []
    for low_wh, high_wh in pairwise(ENERGY_BOUNDS_WH):
        within = [entry for entry in scored if entry.per_1000 and low_wh <= _wh(entry) < high_wh]
        if within:
            podiums.append(Podium(_class_label(low_wh, high_wh), within[:PODIUM_SIZE]))
    return podiums


def _class_label(low_wh: float, high_wh: float) -> str:
    low = format_significant(low_wh, digits=1)
    if high_wh == float("inf"):
        return _("%(low)s Wh et plus") % {"low": low}
    high = format_significant(high_wh, digits=1)
    if not low_wh:
        return _("moins de %(high)s Wh") % {"high": high}
    return _("de %(low)s à %(high)s Wh") % {"low": low, "high": high}


def _news(scored: Sequence[LeaderboardEntry]) -> str:
    """The best of the most frugal class that has one, among published sizes, beside the best of all."""
    first = scored[0]
    known = [entry for entry in scored if _is_disclosed(entry)]
    bound_wh = next((high for high in ENERGY_BOUNDS_WH[1:-1] if any(_wh(each) < high for each in known)), 0)
    frugal = next((entry for entry in known if _wh(entry) < bound_wh), None)
    if frugal is None:
        return ""
    words = {
        "bound": format_significant(bound_wh, digits=1),
        "frugal": frugal.model.name,
        "first": first.model.name,
        "gap": format_int((first.row.points or 0) - (frugal.row.points or 0)),
        "factor": format_significant(_wh(first) / _wh(frugal)),
    }
    if frugal is first:
        return _("Le mieux noté de tous consomme moins de %(bound)s Wh : %(frugal)s.") % words
    is_passed_over = any(_wh(entry) < bound_wh for entry in scored[: scored.index(frugal)])
    if is_passed_over:
        start = _("Le mieux noté sous %(bound)s Wh, parmi les tailles publiées : %(frugal)s.") % words
    else:
        start = _("Le mieux noté sous %(bound)s Wh : %(frugal)s.") % words
    return f"{start} {_beside_the_first(first, frugal, words)}"


def _is_disclosed(entry: LeaderboardEntry) -> bool:
    return entry.model.shape is not None and entry.model.shape.is_disclosed


def _beside_the_first(first: LeaderboardEntry, frugal: LeaderboardEntry, words: dict[str, str]) -> str:
    """How far the best frugal model is from the first, and what the first takes for it."""
    is_indistinct = _top(frugal) >= _bottom(first)
    if not _is_disclosed(first) or _wh(first) / _wh(frugal) < CLEAR_FACTOR:
        sentence = (
            _("Les votes ne le séparent pas encore de %(first)s, premier.")
            if is_indistinct
            else _("%(first)s, premier, a %(gap)s points de plus.")
        )
    elif is_indistinct:
        sentence = _(
            "Les votes ne le séparent pas encore de %(first)s, premier, qui demande environ %(factor)s fois "
            "plus d’énergie."
        )
    else:
        sentence = _(
            "%(first)s, premier, a %(gap)s points de plus et demande environ %(factor)s fois plus d’énergie."
        )
    return sentence % words
