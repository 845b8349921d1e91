"""What a model's facts say of its energy, in the words of the site."""

from dataclasses import dataclass

from models_registry.figures import watt_hours
from models_registry.models import LanguageModel
from models_registry.wording import part_label, range_label
from science.energy import estimate

USUAL_ANSWER_TOKENS = 400  # an answer of about 300 words


@dataclass(frozen=True, slots=True)
class ShownEnergy:
    """An estimate as a page writes it: the middle, the range, and what each share went to, in percent."""

    energy_label: str
    range_label: str
    parts: tuple[tuple[str, int], ...]


def shown_energy(model: LanguageModel, tokens: int = USUAL_ANSWER_TOKENS) -> ShownEnergy:
    """The energy of an answer of so many tokens; raises ValueError when the facts do not hold together."""
    energy = estimate(model.shape(), tokens)
    parts = tuple((part_label(part.name, energy), round(100 * part.share)) for part in energy.parts)
    return ShownEnergy(watt_hours(energy.mid_wh), range_label(energy), parts)
