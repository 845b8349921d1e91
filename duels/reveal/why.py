"""« Pourquoi ? »: the causes of the ratio as multipliers, each with its lesson and drawn on the picture."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from duels.reveal.ratio_labels import NO_EFFECT_BELOW, format_2_digits, format_factor
from duels.reveal.ratio_picture import RatioPicture
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

EXPLAINED_FROM = 1.2  # times between size and its energy; what is less, rounding hides
SEEN_FROM = 1.3  # times one square, and times less than the whole field


@dataclass(frozen=True, slots=True)
class Reason:
    """One multiplier; lesson is the name of its address, detail a part of it in a few words.

    number: of its mark on the picture; None where it has none.
    """

    label: str
    value: str
    lesson: str
    detail: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """On the picture, how far the multipliers up to one of them reach: a line around so many squares.

    label: these multipliers, « taille × longueur ».
    """

    number: int
    label: str
    line: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class HostFactor:
    """The factor that the places add to the multipliers, and the ratio of the answers as they were made."""

    value: str
    product: str


@dataclass(frozen=True, slots=True)
class Why:
    """The multipliers, the heaviest first, and their product.

    hosts: None where one place made both answers, or where the places change nothing.
    note: why energy does not follow size; empty where it does.
    """

    reasons: list[Reason]
    marks: list[Mark]
    product: str
    hosts: HostFactor | None
    note: str


def build_why(sides: Sequence[RevealSide], ratio: Ratio | None, picture: RatioPicture | None) -> Why | None:
    """None where there is no clear ratio to explain."""
    if ratio is None or ratio.verdict is Verdict.SAME_ORDER or picture is None:
        return None
    first, second = (side.estimate for side in sides)
    explanation = explain_ratio(first, second)
    labels = _labels(is_hypothesis=any(side.undisclosed for side in sides))
    shown = [one for one in explanation.multipliers if one.weight >= NO_EFFECT_BELOW]
    marks = _marks(shown, labels, ratio, picture)
    reasons = [_reason(one, labels[one.cause], explanation, marks.get(one.cause)) for one in shown]
    product = f"×\u202f{format_2_digits(ratio.factor)}"
    return Why(reasons, list(marks.values()), product, _host_factor(ratio), _note(explanation))


def _labels(is_hypothesis: bool) -> dict[Cause, str]:
    return {
        Cause.SIZE: _("Taille supposée") if is_hypothesis else _("Taille"),
        Cause.LENGTH: _("Longueur"),
        Cause.ARCHITECTURE: _("Architecture"),
        Cause.PRECISION: _("Précision des poids"),
        Cause.MACHINE: _("Temps mesuré sur la machine"),
    }


def _marks(
    multipliers: Sequence[Multiplier], labels: dict[Cause, str], ratio: Ratio, picture: RatioPicture
) -> dict[Cause, Mark]:
    """How far each multiplier reaches, after those before it, where that is seen inside the field."""
    marks: dict[Cause, Mark] = {}
    count, label = 1.0, ""
    for one in multipliers:
        count *= one.factor
        sign = "×" if one.factor > 1 else "÷"
        label = f"{label} {sign} {labels[one.cause].lower()}" if label else labels[one.cause].lower()
        if SEEN_FROM <= count <= ratio.factor / SEEN_FROM:
            marks[one.cause] = Mark(len(marks) + 1, label, *picture.contour(count))
    return marks


def _host_factor(ratio: Ratio) -> HostFactor | None:
    """The ratio of the answers as they were made, over the one at the same conditions."""
    across = ratio.across_hosts.mid if ratio.mid >= 1 else 1 / ratio.across_hosts.mid
    factor = across / ratio.factor
    if not ratio.hosts_differ or 1 / NO_EFFECT_BELOW < factor < NO_EFFECT_BELOW:
        return None
    return HostFactor(format_factor(factor), format_factor(across))


def _reason(one: Multiplier, label: str, explanation: Explanation, mark: Mark | None) -> Reason:
    detail = ""
    if one.cause is Cause.LENGTH and explanation.reasoning >= NO_EFFECT_BELOW:
        detail = _("dont la réflexion %(factor)s") % {"factor": format_factor(explanation.reasoning)}
    number = mark.number if mark else None
    return Reason(label, format_factor(one.factor), LESSONS[one.cause], detail, number)


def _note(explanation: Explanation) -> str:
    """Why a reader who multiplies sizes by lengths does not find the energy; empty where the two agree."""
    size = next(one.factor for one in explanation.multipliers if one.cause is Cause.SIZE)
    params = explanation.params
    if params < NO_EFFECT_BELOW or 1 / EXPLAINED_FROM < size / params < EXPLAINED_FROM:
        return ""
    if size < params:
        sentence = _(
            "À longueur égale, %(params)s fois plus de paramètres ne prennent que %(size)s fois plus "
            "d’énergie : même un petit modèle occupe une puce entière."
        )
    else:
        sentence = _(
            "À longueur égale, %(params)s fois plus de paramètres prennent %(size)s fois plus d’énergie : "
            "un grand modèle occupe plusieurs puces à la fois."
        )
    return sentence % {"params": format_2_digits(params), "size": format_2_digits(size)}
