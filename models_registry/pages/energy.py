"""What a model's facts say of its energy, in the words of the site."""

from dataclasses import dataclass

from models_registry.models import LanguageModel
from models_registry.pages.energy_bar import BarSegment, energy_bar
from models_registry.pages.labels import range_label
from science.energy import estimate
from web.formatting import watt_hours

USUAL_ANSWER_TOKENS = 400  # an answer of about 300 words


@dataclass(frozen=True, slots=True)
class EnergySummary:
    """The energy of a usual answer as a page writes it: the middle, the range, and what it went to."""

    energy_label: str
    range_label: str
    parts: list[BarSegment]
    tokens: int = USUAL_ANSWER_TOKENS


def energy_summary(model: LanguageModel) -> EnergySummary:
    """The energy of a usual answer; raises ValueError when the facts do not hold together."""
    energy = estimate(model.shape(), USUAL_ANSWER_TOKENS)
    return EnergySummary(watt_hours(energy.mid_wh), range_label(energy), energy_bar(energy))
