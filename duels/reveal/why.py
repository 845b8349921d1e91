"""« Pourquoi ? »: the causes of the ratio as multipliers, each with its lesson."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from duels.reveal.ratio_labels import NO_EFFECT_BELOW, format_2_digits, format_factor
from duels.reveal.sides import RevealSide
from science.energy import Ratio, Verdict
from science.energy.multipliers import Cause, Explanation, Multiplier, explain_ratio

LESSONS = {
    Cause.SIZE: "learn:size",
    Cause.LENGTH: "learn:tokens",
    Cause.ARCHITECTURE: "learn:architecture",
    Cause.PRECISION: "learn:size",
    Cause.MACHINE: "learn:method",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One multiplier; lesson is the name of its address, detail a part of it in a few words."""

    label: str
    value: str
    lesson: str
    detail: str


@dataclass(frozen=True, slots=True)
class Why:
    """The multipliers, the heaviest first, and their product; note says what does not multiply."""

    reasons: list[Reason]
    product: str
    note: str


def build_why(sides: Sequence[RevealSide], ratio: Ratio | None) -> Why | None:
    """None where there is no clear ratio to explain."""
    if ratio is None or ratio.verdict is Verdict.SAME_ORDER:
        return None
    first, second = (side.estimate for side in sides)
    explanation = explain_ratio(first, second)
    is_hypothesis = any(side.undisclosed for side in sides)
    reasons = [
        _reason(one, explanation, is_hypothesis)
        for one in explanation.multipliers
        if one.weight >= NO_EFFECT_BELOW
    ]
    return Why(reasons, f"×\u202f{format_2_digits(ratio.factor)}", _note(explanation))


def _reason(one: Multiplier, explanation: Explanation, is_hypothesis: bool) -> Reason:
    labels = {
        Cause.SIZE: _("Taille supposée") if is_hypothesis else _("Taille"),
        Cause.LENGTH: _("Longueur"),
        Cause.ARCHITECTURE: _("Architecture"),
        Cause.PRECISION: _("Précision des poids"),
        Cause.MACHINE: _("Temps mesuré sur la machine"),
    }
    detail = ""
    if one.cause is Cause.LENGTH and explanation.reasoning >= NO_EFFECT_BELOW:
        detail = _("dont la réflexion %(factor)s") % {"factor": format_factor(explanation.reasoning)}
    return Reason(labels[one.cause], format_factor(one.factor), LESSONS[one.cause], detail)


def _note(explanation: Explanation) -> str:
    """What a reader who multiplies sizes by lengths does not find."""
    size = next(one.factor for one in explanation.multipliers if one.cause is Cause.SIZE)
    if 1 / NO_EFFECT_BELOW < size / explanation.params < NO_EFFECT_BELOW:
        return _("Ces nombres sont arrondis.")
    sentence = _(
        "Nombres arrondis. Pour la taille, %(params)s de paramètres font %(size)s d’énergie : le nombre "
        "de puces occupées et le partage entre conversations ne la suivent pas du même pas."
    )
    return sentence % {"params": format_factor(explanation.params), "size": format_factor(size)}
