"""The bet sent with the vote, in words, and the second vote after the reveal, as its form shows it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from duels.models import Duel, Guess, SecondVote
from web.formatting import format_int

PlacedGuess = tuple[str, int]  # side ("" for « autant ») and factor
BET_FACTORS = (Guess.Factor.TWO, Guess.Factor.TEN, Guess.Factor.HUNDRED, Guess.Factor.THOUSAND)  # on offer


@dataclass(frozen=True, slots=True)
class SecondVoteOption:
    value: str
    label: str
    is_cast: bool


@dataclass(frozen=True, slots=True)
class SecondVoteView:
    choices: list[SecondVoteOption]
    is_cast: bool


def guess_label(side: str, factor: int) -> str:
    """A bet in a few words, for the middle of a sentence."""
    if not side:
        return _("à peu près autant d’énergie des deux côtés")
    if factor == Guess.Factor.UNSAID:
        return side.upper()
    return _("%(letter)s, %(factor)s fois plus") % {"letter": side.upper(), "factor": format_int(factor)}


def factor_choices() -> list[tuple[int, str]]:
    """The factors on offer with their labels in the active language: « × 1 000 », “× 1,000”."""
    return [(factor.value, f"× {format_int(factor)}") for factor in BET_FACTORS]


def second_vote_view(duel: Duel) -> SecondVoteView:
    cast: SecondVote | None = getattr(duel, "second_vote", None)
    choices = [
        SecondVoteOption(choice.value, str(choice.label), cast is not None and cast.choice == choice)
        for choice in SecondVote.Choice
    ]
    return SecondVoteView(choices, cast is not None)
