"""The guess before the vote and the second vote after the reveal, as their forms show them."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from duels.models import Duel, Guess, SecondVote, Side

PlacedGuess = tuple[str, int]  # side ("" for « autant ») and factor
FACTORS = tuple(factor for factor in Guess.Factor if factor is not Guess.Factor.AS_MUCH)


@dataclass(frozen=True, slots=True)
class GuessOption:
    """One button; full_label is read aloud in place of its label."""

    factor: int
    label: str
    full_label: str
    is_placed: bool


@dataclass(frozen=True, slots=True)
class GuessSide:
    side: str
    options: list[GuessOption]

    @property
    def letter(self) -> str:
        return self.side.upper()


@dataclass(frozen=True, slots=True)
class GuessView:
    """The form of the guess; sentence repeats what was guessed, and is empty before."""

    sides: list[GuessSide]
    as_much: GuessOption
    sentence: str


@dataclass(frozen=True, slots=True)
class SecondVoteOption:
    value: str
    label: str
    is_cast: bool


@dataclass(frozen=True, slots=True)
class SecondVoteView:
    choices: list[SecondVoteOption]
    is_cast: bool


def placed_guess(duel: Duel) -> PlacedGuess | None:
    guess: Guess | None = getattr(duel, "guess", None)
    return (guess.side, guess.factor) if guess else None


def guess_view(placed: PlacedGuess | None) -> GuessView:
    return GuessView(
        sides=[
            GuessSide(side, [_guess_option(placed, side, factor) for factor in FACTORS])
            for side in Side.values
        ],
        as_much=_guess_option(placed, "", Guess.Factor.AS_MUCH),
        sentence=_("Vous pariez sur %(bet)s.") % {"bet": guess_label(*placed)} if placed else "",
    )


def _guess_option(placed: PlacedGuess | None, side: str, factor: Guess.Factor) -> GuessOption:
    return GuessOption(factor.value, str(factor.label), guess_label(side, factor), placed == (side, factor))


def guess_label(side: str, factor: int) -> str:
    """A guess in a few words, for the middle of a sentence."""
    if not side:
        return _("autant d’énergie des deux côtés")
    return _("%(letter)s, %(factor)s fois plus") % {"letter": side.upper(), "factor": int(factor)}


def second_vote_view(duel: Duel) -> SecondVoteView:
    cast: SecondVote | None = getattr(duel, "second_vote", None)
    choices = [
        SecondVoteOption(choice.value, str(choice.label), cast is not None and cast.choice == choice)
        for choice in SecondVote.Choice
    ]
    return SecondVoteView(choices, cast is not None)
