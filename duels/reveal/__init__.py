"""What is told once the vote is cast: who answered, what they are made of, what it took, how one knows."""

from dataclasses import dataclass

from duels.models import Duel
from duels.reveal.comparisons import EnergyComparisons, compare_energy
from duels.reveal.guess import guess_sentence
from duels.reveal.labels import headline, headline_note
from duels.reveal.method import MethodExplanation, explain_method
from duels.reveal.options import RevealOptions, parse_options
from duels.reveal.scale import Scale, scale
from duels.reveal.serializer import serialize_reveal
from duels.reveal.sides import RevealSide, build_sides, method_of_the_day, ratio_of
from science.energy import Ratio, method_named

__all__ = ["Reveal", "RevealOptions", "RevealSide", "parse_options", "reveal", "serialize_reveal"]


@dataclass(frozen=True, slots=True)
class Reveal:
    """The whole reveal; `ratio` is None when a side wrote nothing."""

    choice: str
    choice_label: str
    headline: str
    headline_note: str
    guess_sentence: str
    sides: list[RevealSide]
    ratio: Ratio | None
    scale: Scale
    pictured: EnergyComparisons
    method: MethodExplanation
    reading: RevealOptions
    prompt: str


def reveal(duel: Duel, reading: RevealOptions | None = None) -> Reveal:
    """Everything about both sides of a duel that was voted on, as its reader asked to see it."""
    reading = reading or RevealOptions()
    of_the_day = method_of_the_day(duel)
    sides = build_sides(duel, reading.method or of_the_day)
    estimates = [side.estimate for side in sides]
    ratio, guess = ratio_of(estimates), getattr(duel, "guess", None)
    return Reveal(
        choice=duel.vote.choice,
        choice_label=duel.vote.get_choice_display(),
        headline=headline(ratio),
        headline_note=headline_note(ratio),
        guess_sentence=guess_sentence(guess, ratio) if guess else "",
        sides=sides,
        ratio=ratio,
        scale=scale(estimates),
        pictured=compare_energy(estimates, reading),
        method=explain_method(estimates, method_named(of_the_day), reading),
        reading=reading,
        prompt=duel.turns.all()[0].prompt,
    )
