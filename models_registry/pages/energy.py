"""What a model's facts say of its energy, in the words of the site."""

from dataclasses import dataclass

from models_registry.models import LanguageModel
from models_registry.pages.energy_bar import PartBar, parts
from models_registry.pages.labels import range_label
from science.energy import estimate
from web.formatting import watt_hours

USUAL_ANSWER_TOKENS = 400  # an answer of about 300 words


@dataclass(frozen=True, slots=True)
class ShownEnergy:
    """The energy of a usual answer as a page writes it: the middle, the range, and what it went to."""

    energy_label: str
    range_label: str
    parts: list[PartBar]
    tokens: int = USUAL_ANSWER_TOKENS


def shown_energy(model: LanguageModel) -> ShownEnergy:
    """The energy of a usual answer; raises ValueError when the facts do not hold together."""
    energy = estimate(model.shape(), USUAL_ANSWER_TOKENS)
    return ShownEnergy(watt_hours(energy.mid_wh), range_label(energy), parts(energy))
