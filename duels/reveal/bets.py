"""The bet on energy: won, nearly won or lost, as a sentence, and counted."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from django.utils.translation import gettext as _

from duels.models import Guess
from duels.votes.ballot_forms import BET_FACTORS, guess_label
from science.energy import Ratio, Verdict


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


def bet_tally(bets: Iterable[tuple[Guess, Ratio | None]]) -> BetTally:
    """Count bets, each with the ratio of its duel."""
    outcomes = [bet_outcome(guess, ratio) for guess, ratio in bets]
    return BetTally(
        placed=sum(outcome is not BetOutcome.VOID for outcome in outcomes),
        won=outcomes.count(BetOutcome.WON),
        nearly=outcomes.count(BetOutcome.NEARLY),
    )
