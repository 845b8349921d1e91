"""The reveal after the vote: the models, their sizes, the energy of both sides and how it is estimated."""

from dataclasses import dataclass

from duels.models import Duel
from duels.reveal.bets import bet_sentence
from duels.reveal.comparisons import EnergyComparisons, compare_energy
from duels.reveal.method_details import MethodExplanation, explain_method
from duels.reveal.method_versions import MethodVersions, method_versions
from duels.reveal.moment import Moment, build_moment
from duels.reveal.options import RevealOptions, parse_options
from duels.reveal.ratio_labels import headline
from duels.reveal.scale import Scale, scale
from duels.reveal.serializer import serialize_reveal
from duels.reveal.served_by import conditions_note, hosts_note
from duels.reveal.sides import RevealSide, build_sides, method_of_the_day, ratio_of
from duels.reveal.what_if import Alternatives, build_alternatives
from duels.reveal.why import Why, build_why
from science.energy import Ratio, method_named

__all__ = [
    "Alternatives",
    "Reveal",
    "RevealOptions",
    "RevealSide",
    "build_alternatives",
    "parse_options",
    "reveal",
    "serialize_reveal",
]


@dataclass(frozen=True, slots=True)
class Reveal:
    """The whole reveal; `ratio` is None when a side wrote nothing."""

    choice: str
    choice_label: str
    headline: str
    moment: Moment
    why: Why | None
    hosts_note: str
    conditions_note: str
    bet_sentence: str
    sides: list[RevealSide]
    ratio: Ratio | None
    scale: Scale
    comparisons: EnergyComparisons
    method: MethodExplanation
    versions: MethodVersions
    options: RevealOptions
    prompt: str

    @property
    def has_winner(self) -> bool:
        """Whether the vote chose a side, which then says so itself."""
        return any(side.chosen for side in self.sides)

    @property
    def is_on_this_computer(self) -> bool:
        """Whether the computer of this site wrote an answer, and the figures count it."""
        return any(side.is_on_this_computer for side in self.sides)


def reveal(duel: Duel, options: RevealOptions | None = None) -> Reveal:
    """The reveal of a duel that was voted on, with the reader's options."""
    options = options or RevealOptions()
    of_the_day = method_of_the_day(duel)
    sides = build_sides(duel, options.method or of_the_day)
    estimates = [side.estimate for side in sides]
    hostings = [energy.hosting for energy in estimates]
    ratio, guess = ratio_of(estimates), getattr(duel, "guess", None)
    moment = build_moment(sides, ratio)
    return Reveal(
        choice=duel.vote.choice,
        choice_label=duel.vote.get_choice_display(),
        headline=headline(ratio),
        moment=moment,
        why=build_why(sides, ratio, moment.picture),
        hosts_note=hosts_note(ratio, hostings),
        conditions_note=conditions_note(ratio, hostings),
        bet_sentence=bet_sentence(guess, ratio) if guess else "",
        sides=sides,
        ratio=ratio,
        scale=scale(estimates),
        comparisons=compare_energy(estimates, options),
        method=explain_method(estimates, method_named(of_the_day), options),
        versions=method_versions(estimates),
        options=options,
        prompt=duel.turns.all()[0].prompt,
    )
