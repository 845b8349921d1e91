"""The method page: the explanation of each method, and what changes from one to the other."""

from dataclasses import dataclass

from duels.reveal.method_details import MethodExplanation, explain_method
from duels.reveal.options import RevealOptions
from duels.reveal.ratio_labels import format_2_digits
from models_registry.pages.catalogue import CatalogueEntry
from models_registry.pages.energy import USUAL_ANSWER_TOKENS
from science.energy import DEFAULT_METHOD, METHODS, Architecture, ModelShape, estimate
from science.energy.constants import BATCH, BUILDING_OVERHEAD
from science.energy.ecologits_method import ECOLOGITS
from science.energy.hosting import SUPPOSED_POWER_SPREAD
from science.energy.physical_2_constants import FEWEST_SERVED, MOST_SERVED, OVERHEAD_HIGH, OVERHEAD_LOW
from web.formatting import format_decimal

ANY_SHAPE = ModelShape(Architecture.DENSE, 8)  # the explanation of a method is the same for every model


@dataclass(frozen=True, slots=True)
class MethodComparison:
    """How many times more energy one model takes than another, by our method and by EcoLogits."""

    first: CatalogueEntry
    second: CatalogueEntry
    ours: str
    theirs: str


def assumptions() -> dict[str, str]:
    """The numbers of the sentences on what is assumed."""
    values = {
        "batch": BATCH.value,
        "fewest": FEWEST_SERVED.value,
        "most": MOST_SERVED.value,
        "overhead": BUILDING_OVERHEAD.value,
        "overhead_low": OVERHEAD_LOW.value,
        "overhead_high": OVERHEAD_HIGH.value,
        "power_factor": SUPPOSED_POWER_SPREAD,
    }
    return {name: format_decimal(value) for name, value in values.items()}


def method_cards() -> list[MethodExplanation]:
    """The explanation of each method: steps, constants, limits."""
    return [
        explain_method([estimate(ANY_SHAPE, USUAL_ANSWER_TOKENS, method.name)], method, RevealOptions())
        for method in METHODS.values()
    ]


def compare_methods(first: CatalogueEntry, second: CatalogueEntry) -> MethodComparison:
    factors = []
    for method in (DEFAULT_METHOD, ECOLOGITS.name):
        of_first, of_second = (
            estimate(entry.shape, USUAL_ANSWER_TOKENS, method).mid_wh for entry in (first, second)
        )
        factors.append(format_2_digits(of_first / of_second))
    ours, theirs = factors
    return MethodComparison(first, second, ours, theirs)
