"""« Et si… ? »: the hungrier answer with one other choice, and the question asked again, short."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from duels.candidates import candidate_pool
from duels.models import MAX_PROMPT_CHARACTERS
from duels.reveal.ratio_labels import NO_EFFECT_BELOW, format_factor
from duels.reveal.sides import RevealSide
from models_registry.models import LanguageModel
from science.energy import Change, other_choices
from web.formatting import watt_hours

LEAST_PERCENT = 0.25  # of a bar that can still be seen


@dataclass(frozen=True, slots=True)
class OtherChoice:
    """One answer of the side that took more, or that of the other side, beside the one that was read.

    effect: how many times its energy. percent: its bar, in hundredths of the longest.
    """

    side: str
    label: str
    energy: str
    effect: str
    percent: float


@dataclass(frozen=True, slots=True)
class ShortRetry:
    """The question with a request to be brief, for the same two models."""

    prompt: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Alternatives:
    """The answer of one side as it was, with each other choice, then that of the other side.

    retry is None where it cannot be had.
    """

    side: RevealSide
    choices: list[OtherChoice]
    retry: ShortRetry | None


def build_alternatives(sides: Sequence[RevealSide], prompt: str) -> Alternatives | None:
    """For the side that took more; None where neither wrote."""
    frugal, hungrier = sorted(sides, key=lambda side: side.estimate.mid_wh)
    if not hungrier.estimate.tokens:
        return None
    return Alternatives(hungrier, _choices(hungrier, frugal), _short_retry(sides, prompt))


def _choices(side: RevealSide, other_side: RevealSide) -> list[OtherChoice]:
    sibling = _smaller_sibling(side)
    labels = {
        Change.HALF_AS_LONG: _("deux fois plus courte"),
        Change.WITHOUT_REASONING: _("sans la réflexion"),
        Change.SMALLER_MODEL: _("par %(model)s") % {"model": sibling.name if sibling else ""},
        Change.LAPTOP: _("sur un ordinateur portable"),
    }
    found = [
        (labels[other.change], other.estimate.mid_wh, other.factor)
        for other in other_choices(side.estimate, sibling.shape() if sibling else None)
        if not 1 / NO_EFFECT_BELOW < other.factor < NO_EFFECT_BELOW
    ]
    longest = max([1.0, *(factor for _label, _wh, factor in found)])

    def choice(of: RevealSide, label: str, energy_wh: float, factor: float) -> OtherChoice:
        percent = round(max(100 * factor / longest, LEAST_PERCENT), 2)
        return OtherChoice(of.side, label, watt_hours(energy_wh), format_factor(factor), percent)

    as_it_was = OtherChoice(side.side, _("telle quelle"), side.energy.value, "", round(100 / longest, 2))
    choices = [as_it_was, *(choice(side, *one) for one in found)]
    if other_side.estimate.tokens:
        label, other_wh = _("celle de %(model)s"), other_side.estimate.mid_wh
        factor = other_wh / side.estimate.mid_wh
        choices.append(choice(other_side, label % {"model": other_side.model.name}, other_wh, factor))
    return choices


def _smaller_sibling(side: RevealSide) -> LanguageModel | None:
    """The largest model of the same maker with at most half the parameters, where both are published."""
    size_b = side.estimate.shape.total_params_b
    if size_b is None:
        return None
    siblings = LanguageModel.objects.filter(
        organisation=side.model.organisation,
        status=LanguageModel.Status.ENABLED,
        total_params_b__lte=size_b / 2,
    )
    return siblings.order_by("-total_params_b").first()


def _short_retry(sides: Sequence[RevealSide], prompt: str) -> ShortRetry | None:
    """None where a model cannot play now, or the question leaves no room for the request."""
    first, second = (side.model.slug for side in sides)
    playable = candidate_pool().by_slug
    asked = "\n\n".join((prompt, _("Réponds en deux phrases.")))
    if first not in playable or second not in playable or len(asked) > MAX_PROMPT_CHARACTERS:
        return None
    return ShortRetry(asked, first, second)
