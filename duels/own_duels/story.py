"""Story of a visitor: what they preferred, what it took, their bets and their own small ranking."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from duels.answers.consumption import answers_by_side, estimate_side
from duels.models import Duel, Guess, SecondVote, Vote
from duels.queries import with_answers_without_texts
from duels.reveal.bets import BetTally, bet_tally
from duels.reveal.sides import method_of_the_day, ratio_of
from science.energy import Estimate, Ratio, Verdict
from web.formatting import watt_hours

MAX_DUELS = 300  # the newest: beyond, the page would take too long
Z_95 = 1.96  # standard normal quantile of a two-sided interval at 95 %
RANKED_MODELS = 8
BLIND_SIDES = {Vote.Choice.A: "a", Vote.Choice.B: "b"}
SECOND_SIDES = {SecondVote.Choice.A: "a", SecondVote.Choice.B: "b"}


@dataclass(frozen=True, slots=True)
class Preferences:
    """Of the duels where one answer took clearly less energy and one was preferred: how often it was that."""

    frugal: int
    total: int


@dataclass(frozen=True, slots=True)
class OwnRank:
    """How often one model was preferred, and what so few votes can say."""

    name: str
    wins: int
    duels: int
    verdict: str


@dataclass(frozen=True, slots=True)
class Story:
    """voted: the duels it tells of. Energies in labels with their unit.

    preferred_label, frugal_label: of the duels that chose a side; empty where none did.
    """

    voted: int
    energy_label: str
    preferred_label: str
    frugal_label: str
    blind: Preferences
    informed: Preferences
    bets: BetTally
    ranking: list[OwnRank]


@dataclass(frozen=True, slots=True)
class _PlayedDuel:
    """One duel that was voted on: its energies by side, its sides chosen ("" for none), its models."""

    energies: dict[str, Estimate]
    ratio: Ratio | None
    blind: str
    informed: str
    bet: Guess | None
    models: dict[str, str]

    @property
    def frugal(self) -> str:
        """The side that took clearly less; empty where none did."""
        if self.ratio is None or self.ratio.verdict is Verdict.SAME_ORDER:
            return ""
        return "b" if self.ratio.verdict is Verdict.FIRST_MORE else "a"


def voted_duels(visitor: str) -> QuerySet[Duel]:
    """The visitor's newest duels with a vote, with all that the story reads; not those of a recording."""
    own = Duel.objects.filter(visitor=visitor, vote__isnull=False, recorded_on=None)
    return with_answers_without_texts(own.select_related("vote", "guess", "second_vote"))[:MAX_DUELS]


def tell_story(duels: Iterable[Duel]) -> Story | None:
    """The story of these duels; None without any."""
    played = [_played(duel) for duel in duels]
    if not played:
        return None
    chosen = [one for one in played if one.blind]
    spent_wh = sum(energy.mid_wh for one in played for energy in one.energies.values())
    preferred_wh = sum(one.energies[one.blind].mid_wh for one in chosen)
    frugal_wh = sum(min(energy.mid_wh for energy in one.energies.values()) for one in chosen)
    return Story(
        voted=len(played),
        energy_label=watt_hours(spent_wh),
        preferred_label=watt_hours(preferred_wh) if chosen else "",
        frugal_label=watt_hours(frugal_wh) if chosen else "",
        blind=_preferences((one.blind, one.frugal) for one in played),
        informed=_preferences((one.informed, one.frugal) for one in played),
        bets=bet_tally((one.bet, one.ratio) for one in played if one.bet),
        ranking=_ranking(played),
    )


def _played(duel: Duel) -> _PlayedDuel:
    answers, method = answers_by_side(duel), method_of_the_day(duel)
    energies = {side: estimate_side(own, method) for side, own in answers.items()}
    second = getattr(duel, "second_vote", None)
    return _PlayedDuel(
        energies=energies,
        ratio=ratio_of(list(energies.values())),
        blind=BLIND_SIDES.get(Vote.Choice(duel.vote.choice), ""),
        informed=SECOND_SIDES.get(SecondVote.Choice(second.choice), "") if second else "",
        bet=getattr(duel, "guess", None),
        models={side: own[-1].model.name for side, own in answers.items()},
    )


def _preferences(pairs: Iterable[tuple[str, str]]) -> Preferences:
    decided = [(preferred, frugal) for preferred, frugal in pairs if preferred and frugal]
    return Preferences(sum(preferred == frugal for preferred, frugal in decided), len(decided))


def _ranking(played: Iterable[_PlayedDuel]) -> list[OwnRank]:
    """The models most often preferred, by the share of their duels, among those that a side was chosen in."""
    counts: dict[str, list[int]] = {}
    for name, has_won in _results(played):
        wins_and_duels = counts.setdefault(name, [0, 0])
        wins_and_duels[0] += has_won
        wins_and_duels[1] += 1
    ordered = sorted(counts.items(), key=lambda item: (-item[1][0] / item[1][1], -item[1][1], item[0]))
    return [OwnRank(name, wins, duels, _verdict(wins, duels)) for name, (wins, duels) in ordered][
        :RANKED_MODELS
    ]


def _results(played: Iterable[_PlayedDuel]) -> Iterator[tuple[str, bool]]:
    """Each model of a duel that chose a side, and whether it was chosen; none against itself."""
    for one in played:
        if one.blind and len(set(one.models.values())) == 2:
            yield from ((name, side == one.blind) for side, name in one.models.items())


def _verdict(wins: int, duels: int) -> str:
    """The margin of error in words: whether one half lies within the interval at 95 %."""
    low, high = wilson_interval(wins, duels)
    if low > 0.5:
        return _("vous le préférez, au-delà du hasard")
    if high < 0.5:
        return _("vous lui préférez les autres, au-delà du hasard")
    return _("trop peu de duels pour conclure")


def wilson_interval(wins: int, trials: int) -> tuple[float, float]:
    """Ends of the interval at 95 % of a share. Source: Wilson 1927, equation in
    https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval
    """
    share, spread = wins / trials, Z_95**2 / trials
    middle = (share + spread / 2) / (1 + spread)
    half = Z_95 / (1 + spread) * math.sqrt(share * (1 - share) / trials + spread / (4 * trials))
    return middle - half, middle + half
