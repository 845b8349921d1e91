"""Energy of a usual answer of a model, formatted for a page."""

from dataclasses import dataclass

from models_registry.models import LanguageModel
from models_registry.pages.energy_bar import BarSegment, energy_bar
from models_registry.pages.labels import range_label
from science.energy import estimate
from web.formatting import watt_hours

USUAL_ANSWER_TOKENS = 400  # an answer of about 300 words


@dataclass(frozen=True, slots=True)
class EnergySummary:
    """Labels of the energy of `tokens` tokens: midpoint, range and breakdown."""

    energy_label: str
    range_label: str
    segments: list[BarSegment]
    tokens: int = USUAL_ANSWER_TOKENS


def energy_summary(model: LanguageModel) -> EnergySummary:
    """Summary of the energy of a usual answer; raises ValueError when facts contradict each other."""
    energy = estimate(model.shape(), USUAL_ANSWER_TOKENS)
    return EnergySummary(watt_hours(energy.mid_wh), range_label(energy), energy_bar(energy))
