"""What a visitor is asked besides the vote: a bet before it, a second vote after the reveal."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from duels.models import Duel, Guess, SecondVote, Side

PlacedGuess = tuple[str, int]  # a side, none where both took as much, and a factor
FACTORS = tuple(factor for factor in Guess.Factor if factor is not Guess.Factor.AS_MUCH)


@dataclass(frozen=True, slots=True)
class GuessOption:
    """One button of the bet: what it says, in full, and whether it was clicked."""

    factor: int
    label: str
    spoken: str
    is_placed: bool


@dataclass(frozen=True, slots=True)
class GuessSide:
    """The bets on one side."""

    side: str
    bets: list[GuessOption]

    @property
    def letter(self) -> str:
        return self.side.upper()


@dataclass(frozen=True, slots=True)
class GuessView:
    """The bet that may be placed before the vote; it knows nothing of the models."""

    sides: list[GuessSide]
    as_much: GuessOption
    sentence: str


@dataclass(frozen=True, slots=True)
class SecondVoteOption:
    """One button of the second vote."""

    value: str
    label: str
    is_cast: bool


@dataclass(frozen=True, slots=True)
class SecondVoteView:
    """The question asked after the reveal."""

    choices: list[SecondVoteOption]
    is_cast: bool


def placed_guess(duel: Duel) -> PlacedGuess | None:
    """The bet that was placed on this duel."""
    guess: Guess | None = getattr(duel, "guess", None)
    return (guess.side, guess.factor) if guess else None


def guess_view(placed: PlacedGuess | None) -> GuessView:
    """The bet as its form shows it."""
    return GuessView(
        sides=[
            GuessSide(side, [_option(placed, side, factor) for factor in FACTORS]) for side in Side.values
        ],
        as_much=_option(placed, "", Guess.Factor.AS_MUCH),
        sentence=_("Vous pariez sur %(bet)s.") % {"bet": guess_label(*placed)} if placed else "",
    )


def _option(placed: PlacedGuess | None, side: str, factor: Guess.Factor) -> GuessOption:
    return GuessOption(factor.value, str(factor.label), guess_label(side, factor), placed == (side, factor))


def guess_label(side: str, factor: int) -> str:
    """A bet in a few words."""
    if not side:
        return _("autant d’énergie des deux côtés")
    return _("%(letter)s, %(factor)s fois plus") % {"letter": side.upper(), "factor": int(factor)}


def second_vote_view(duel: Duel) -> SecondVoteView:
    """The second vote as its form shows it."""
    cast: SecondVote | None = getattr(duel, "second_vote", None)
    choices = [
        SecondVoteOption(choice.value, str(choice.label), cast is not None and cast.choice == choice)
        for choice in SecondVote.Choice
    ]
    return SecondVoteView(choices, cast is not None)
