"""What a visitor is asked besides the vote: a bet before it, a second vote after the reveal."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from duels.models import Duel, Guess, SecondVote, Side

Placed = tuple[str, int]  # a side, none where both took as much, and a factor
FACTORS = tuple(factor for factor in Guess.Factor if factor is not Guess.Factor.AS_MUCH)


@dataclass(frozen=True, slots=True)
class Bet:
    """One button of the bet: what it says, in full, and whether it was clicked."""

    factor: int
    label: str
    spoken: str
    is_placed: bool


@dataclass(frozen=True, slots=True)
class BetSide:
    """The bets on one side."""

    side: str
    bets: list[Bet]

    @property
    def letter(self) -> str:
        return self.side.upper()


@dataclass(frozen=True, slots=True)
class GuessCard:
    """The bet that may be placed before the vote; it knows nothing of the models."""

    sides: list[BetSide]
    as_much: Bet
    sentence: str


@dataclass(frozen=True, slots=True)
class SecondChoice:
    """One button of the second vote."""

    value: str
    label: str
    is_cast: bool


@dataclass(frozen=True, slots=True)
class SecondVoteCard:
    """The question asked after the reveal."""

    choices: list[SecondChoice]
    is_cast: bool


def bet_of(duel: Duel) -> Placed | None:
    """The bet that was placed on this duel."""
    guess: Guess | None = getattr(duel, "guess", None)
    return (guess.side, guess.factor) if guess else None


def guess_card(placed: Placed | None) -> GuessCard:
    """The bet as its form shows it."""
    return GuessCard(
        sides=[BetSide(side, [_bet(placed, side, factor) for factor in FACTORS]) for side in Side.values],
        as_much=_bet(placed, "", Guess.Factor.AS_MUCH),
        sentence=_("Vous pariez sur %(bet)s.") % {"bet": bet_label(*placed)} if placed else "",
    )


def _bet(placed: Placed | None, side: str, factor: Guess.Factor) -> Bet:
    return Bet(factor.value, str(factor.label), bet_label(side, factor), placed == (side, factor))


def bet_label(side: str, factor: int) -> str:
    """A bet in a few words."""
    if not side:
        return _("autant d’énergie des deux côtés")
    return _("%(letter)s, %(factor)s fois plus") % {"letter": side.upper(), "factor": int(factor)}


def second_vote_card(duel: Duel) -> SecondVoteCard:
    """The second vote as its form shows it."""
    cast: SecondVote | None = getattr(duel, "second_vote", None)
    choices = [
        SecondChoice(choice.value, str(choice.label), cast is not None and cast.choice == choice)
        for choice in SecondVote.Choice
    ]
    return SecondVoteCard(choices, cast is not None)
