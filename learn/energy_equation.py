"""Size x tokens (x architecture) = energy, with the labels of the reveal, and equations on one scale."""

from collections.abc import Sequence
from dataclasses import dataclass

from duels.reveal.display import Term
from duels.reveal.equation import energy_term, precision_label, terms
from models_registry.models import LanguageModel
from models_registry.pages.energy_bar import BarSegment, energy_bar
from science.energy import Estimate
from web.log_axis import Axis, Band

LESSON_URLS = {"size": "learn:size", "length": "learn:tokens", "architecture": "learn:architecture"}


@dataclass(frozen=True, slots=True)
class Equation:
    """An estimate with its title."""

    title: str
    estimate: Estimate

    @property
    def terms(self) -> list[tuple[Term, str]]:
        """The factors, each with the URL name of its lesson."""
        return [(term, LESSON_URLS[term.key]) for term in terms([], self.estimate)]

    @property
    def energy(self) -> Term:
        return energy_term(self.estimate)

    @property
    def exact_wh(self) -> str:
        """The middle energy with all its digits."""
        return repr(self.estimate.mid_wh)

    @property
    def parts(self) -> list[BarSegment]:
        return energy_bar(self.estimate)

    @property
    def facts(self) -> str:
        """Architecture and precision, as one label."""
        shape = self.estimate.shape
        architecture = LanguageModel.Architecture(shape.architecture).label
        return f"{architecture} · {precision_label(shape, shape.weight_bits)}"

    @property
    def is_hypothesis(self) -> bool:
        return not self.estimate.shape.is_disclosed


@dataclass(frozen=True, slots=True)
class EnergyScale:
    """A logarithmic axis in Wh, with the range of each equation on it."""

    ticks: list[tuple[float, str]]
    rows: list[tuple[Equation, Band]]


def energy_scale(equations: Sequence[Equation]) -> EnergyScale:
    axis = Axis.around([equation.estimate.energy_wh for equation in equations])
    return EnergyScale(
        axis.ticks(), [(equation, axis.band(equation.estimate.energy_wh)) for equation in equations]
    )
