"""Size x tokens (x architecture) = energy, and several of them on one scale, in the words of the reveal."""

from collections.abc import Sequence
from dataclasses import dataclass

from duels.reveal.equation import Term, energy_term, precision_label, terms
from models_registry.models import LanguageModel
from models_registry.pages.energy_bar import BarSegment, energy_bar
from science.energy import Estimate
from web.log_axis import Axis, Band

LESSON_URLS = {"size": "learn:size", "length": "learn:tokens", "architecture": "learn:architecture"}


@dataclass(frozen=True, slots=True)
class Equation:
    """An estimate with the name of what was estimated."""

    title: str
    estimate: Estimate

    @property
    def terms(self) -> list[tuple[Term, str]]:
        """The factors, each with the name of the address that explains it."""
        return [(term, LESSON_URLS[term.key]) for term in terms([], self.estimate)]

    @property
    def energy(self) -> Term:
        return energy_term(self.estimate)

    @property
    def exact_wh(self) -> str:
        """The middle energy to the last digit."""
        return repr(self.estimate.mid_wh)

    @property
    def parts(self) -> list[BarSegment]:
        return energy_bar(self.estimate)

    @property
    def facts(self) -> str:
        """The architecture and the precision, in a few words."""
        shape = self.estimate.shape
        architecture = LanguageModel.Architecture(shape.architecture).label
        return f"{architecture} · {precision_label(shape, shape.weight_bits)}"

    @property
    def is_hypothesis(self) -> bool:
        return not self.estimate.shape.is_disclosed


@dataclass(frozen=True, slots=True)
class EnergyScale:
    """A logarithmic axis in Wh, and each equation's band on it."""

    ticks: list[tuple[float, str]]
    rows: list[tuple[Equation, Band]]


def energy_scale(equations: Sequence[Equation]) -> EnergyScale:
    """All of them on one axis."""
    axis = Axis.around([equation.estimate.energy_wh for equation in equations])
    return EnergyScale(axis.ticks(), [(one, axis.band(one.estimate.energy_wh)) for one in equations])
