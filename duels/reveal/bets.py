"""The bet on energy: won, nearly won or lost, as a sentence, and counted over a visitor's duels."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from duels.answers.consumption import answers_by_side, estimate_side
from duels.models import Answer, Duel, Guess
from duels.reveal.sides import method_of_the_day, ratio_of
from duels.votes.ballot_forms import BET_FACTORS, guess_label
from science.energy import Ratio, Verdict

WITHOUT_TEXTS = Answer.objects.select_related("model").defer("text", "html", "reasoning")


class BetOutcome(Enum):
    """NEARLY: the right side, by another factor. VOID: a side wrote nothing."""

    WON = "won"
    NEARLY = "nearly"
    LOST = "lost"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class BetTally:
    """How a visitor's bets ended; void ones are left out."""

    placed: int
    won: int
    nearly: int


def bet_outcome(guess: Guess, ratio: Ratio | None) -> BetOutcome:
    """Won on the right side with the factor on offer nearest to the ratio, or with no factor."""
    if ratio is None:
        return BetOutcome.VOID
    if ratio.verdict is Verdict.SAME_ORDER:
        if not guess.side:
            return BetOutcome.WON
        return BetOutcome.NEARLY if guess.factor <= Guess.Factor.TWO else BetOutcome.LOST
    if guess.side != _hungrier(ratio):
        return BetOutcome.LOST
    is_near = guess.factor in (Guess.Factor.UNSAID, nearest_factor(ratio.factor))
    return BetOutcome.WON if is_near else BetOutcome.NEARLY


def nearest_factor(factor: float) -> Guess.Factor:
    """The factor on offer that is nearest to a ratio, in proportion."""
    return min(BET_FACTORS, key=lambda offered: abs(math.log(offered / factor)))


def bet_sentence(guess: Guess, ratio: Ratio | None) -> str:
    """Whether the bet is won, and what it was."""
    bet, outcome = {"bet": guess_label(guess.side, guess.factor)}, bet_outcome(guess, ratio)
    if ratio is None or outcome is BetOutcome.VOID:
        return _("Vous aviez parié sur %(bet)s : il n’y a rien à comparer.") % bet
    if outcome is BetOutcome.WON:
        return _("Pari gagné ! Vous aviez dit : %(bet)s.") % bet
    if outcome is BetOutcome.NEARLY:
        return _nearly(guess, ratio, bet)
    if ratio.verdict is Verdict.SAME_ORDER:
        return _("Pari perdu : vous aviez dit %(bet)s, et l’écart est bien plus faible.") % bet
    if not guess.side:
        return _("Pari perdu : vous aviez dit %(bet)s, et l’écart est plus grand qu’il n’y paraît.") % bet
    return _("Pari perdu : vous aviez dit %(bet)s. C’est l’inverse : cela ne se voit pas à la lecture.") % bet


def _nearly(guess: Guess, ratio: Ratio, bet: dict[str, str]) -> str:
    if ratio.verdict is Verdict.SAME_ORDER:
        return _("Pari presque gagné : vous aviez dit %(bet)s, et l’écart est plus faible encore.") % bet
    if guess.factor < ratio.factor:
        return _("Pari à moitié gagné : vous aviez dit %(bet)s. L’écart est encore plus grand.") % bet
    return _("Pari à moitié gagné : vous aviez dit %(bet)s. L’écart est plus petit.") % bet


def _hungrier(ratio: Ratio) -> str:
    return "a" if ratio.verdict is Verdict.FIRST_MORE else "b"


def bet_duels(visitor: str) -> QuerySet[Duel]:
    """The visitor's duels that have a vote and a bet, with what `bet_tally` reads."""
    own = Duel.objects.filter(visitor=visitor, vote__isnull=False, guess__isnull=False)
    return own.select_related("guess").prefetch_related("turns", Prefetch("turns__answers", WITHOUT_TEXTS))


def bet_tally(duels: Iterable[Duel]) -> BetTally:
    """Count the bets of duels that are revealed: those of `bet_duels`, or any with as much loaded."""
    outcomes = [bet_outcome(duel.guess, duel_ratio(duel)) for duel in duels if hasattr(duel, "guess")]
    return BetTally(
        placed=sum(outcome is not BetOutcome.VOID for outcome in outcomes),
        won=outcomes.count(BetOutcome.WON),
        nearly=outcomes.count(BetOutcome.NEARLY),
    )


def duel_ratio(duel: Duel) -> Ratio | None:
    """The ratio of a duel by the method of its day."""
    method = method_of_the_day(duel)
    return ratio_of([estimate_side(answers, method) for answers in answers_by_side(duel).values()])
