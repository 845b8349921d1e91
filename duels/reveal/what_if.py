"""« Et si… ? »: the hungrier answer with one other choice, and the question asked again, short."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from duels.candidates import candidate_pool
from duels.models import MAX_PROMPT_CHARACTERS
from duels.reveal.ratio_labels import format_factor
from duels.reveal.sides import RevealSide
from models_registry.models import LanguageModel
from science.energy import Change
from science.energy.counterfactuals import what_one_could_change
from web.formatting import watt_hours


@dataclass(frozen=True, slots=True)
class OtherChoice:
    """One thing chosen otherwise: its energy, and its effect on that of the answer."""

    label: str
    energy: str
    effect: str


@dataclass(frozen=True, slots=True)
class WhatIfs:
    """The other choices for the answer of one side."""

    side: RevealSide
    choices: list[OtherChoice]


@dataclass(frozen=True, slots=True)
class ShortRetry:
    """The question with a request to be brief, for the same two models."""

    prompt: str
    first: str
    second: str


def build_what_ifs(sides: Sequence[RevealSide]) -> WhatIfs | None:
    """For the side that took more; None where neither wrote."""
    hungrier = max(sides, key=lambda side: side.estimate.mid_wh)
    sibling = _smaller_sibling(hungrier)
    found = what_one_could_change(hungrier.estimate, sibling.shape() if sibling else None)
    labels = {
        Change.HALF_AS_LONG: _("deux fois plus courte"),
        Change.WITHOUT_REASONING: _("sans la réflexion"),
        Change.SMALLER_MODEL: _("par %(model)s") % {"model": sibling.name if sibling else ""},
        Change.ON_A_COMPUTER: _("sur un ordinateur portable"),
    }
    choices = [
        OtherChoice(labels[other.change], watt_hours(other.estimate.mid_wh), format_factor(other.factor))
        for other in found
    ]
    return WhatIfs(hungrier, choices) if choices else None


def _smaller_sibling(side: RevealSide) -> LanguageModel | None:
    """The largest model of the same maker that is smaller, where both sizes are published."""
    size_b = side.estimate.shape.total_params_b
    if size_b is None:
        return None
    siblings = LanguageModel.objects.filter(
        organisation=side.model.organisation, status=LanguageModel.Status.ENABLED, total_params_b__lt=size_b
    )
    return siblings.order_by("-total_params_b").first()


def short_retry(sides: Sequence[RevealSide], prompt: str) -> ShortRetry | None:
    """None where a model cannot play now, or the question leaves no room for the request."""
    first, second = (side.model.slug for side in sides)
    playable = candidate_pool().by_slug
    asked = "\n\n".join((prompt, _("Réponds en deux phrases.")))
    if first not in playable or second not in playable or len(asked) > MAX_PROMPT_CHARACTERS:
        return None
    return ShortRetry(asked, first, second)
