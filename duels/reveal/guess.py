"""How close the guess came, as a sentence."""

import math

from django.utils.translation import gettext as _

from duels.models import Guess
from duels.votes.ballot_forms import FACTORS, guess_label
from science.energy import Ratio, Verdict


def guess_sentence(guess: Guess, ratio: Ratio | None) -> str:
    """The guess and its distance from the ratio."""
    return _("Vous aviez parié sur %(bet)s : %(verdict)s") % {
        "bet": guess_label(guess.side, guess.factor),
        "verdict": _verdict(guess, ratio),
    }


def _verdict(guess: Guess, ratio: Ratio | None) -> str:
    if ratio is None:
        return _("il n’y a rien à comparer.")
    if ratio.verdict is Verdict.SAME_ORDER:
        return _same_order(guess)
    more = "a" if ratio.verdict is Verdict.FIRST_MORE else "b"
    if guess.side and guess.side != more:
        return _("c’est l’inverse, et cela ne se devine pas à la lecture.")
    return _distance(guess, ratio.factor)


def _same_order(guess: Guess) -> str:
    if guess.factor <= 2:
        return _("bien vu, l’écart est faible.")
    return _("l’écart est plus faible que cela, et personne ne peut dire de quel côté il penche.")


def _distance(guess: Guess, factor: float) -> str:
    """For a guess on the right side; « bien vu » when no other factor on offer is closer."""
    nearest = min(FACTORS, key=lambda offered: abs(math.log(offered / factor)))
    if guess.factor == nearest:
        return _("bien vu.")
    if not guess.side:
        return _("l’écart est plus grand qu’il n’y paraît.")
    if guess.factor < factor:
        return _("le bon côté, et l’écart est encore plus grand.")
    return _("le bon côté, avec un écart plus petit.")
