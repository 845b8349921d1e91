"""The first screen of a reveal: the ratio as a figure, as areas to scale and as a sentence to repeat."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from duels.reveal.ratio_labels import format_2_digits, headline, headline_note
from duels.reveal.ratio_picture import RatioPicture, ratio_picture
from duels.reveal.sides import RevealSide
from science.energy import Ratio, Verdict


@dataclass(frozen=True, slots=True)
class Moment:
    """is_alone: one side wrote nothing. Then, or for a same order, factor, sides and picture are empty."""

    is_alone: bool
    factor_label: str
    hungrier: RevealSide | None
    frugal: RevealSide | None
    picture: RatioPicture | None
    sentence: str
    note: str


def build_moment(sides: Sequence[RevealSide], ratio: Ratio | None) -> Moment:
    first, second = sides
    note = _note(sides, ratio)
    if ratio is None or ratio.verdict is Verdict.SAME_ORDER:
        names = [side.model.name for side in sides]
        return Moment(ratio is None, "", None, None, None, f"{headline(ratio, names)}.", note)
    hungrier, frugal = (first, second) if ratio.verdict is Verdict.FIRST_MORE else (second, first)
    return Moment(
        is_alone=False,
        factor_label=format_2_digits(ratio.factor),
        hungrier=hungrier,
        frugal=frugal,
        picture=ratio_picture(ratio),
        sentence=_sentence(hungrier, frugal, ratio),
        note=note,
    )


def _sentence(hungrier: RevealSide, frugal: RevealSide, ratio: Ratio) -> str:
    """One sentence to repeat; it is true at the same conditions, and says so where the answers had others."""
    are_clouds = hungrier.estimate.hosting.is_cloud and frugal.estimate.hosting.is_cloud
    words = {
        "large": hungrier.model.name,
        "small": frugal.model.name,
        "factor": format_2_digits(ratio.factor),
        "conditions": "" if are_clouds or not ratio.hosts_differ else _(", à machine et charge égales"),
    }
    if hungrier.undisclosed or frugal.undisclosed or ratio.factor_interval.low < 1:
        sentence = _(
            "Avec l’énergie de cette réponse de %(large)s, %(small)s aurait peut-être répondu "
            "%(factor)s fois%(conditions)s."
        )
        return sentence % words
    sentence = _(
        "Avec l’énergie de cette réponse de %(large)s, %(small)s aurait répondu "
        "%(factor)s fois%(conditions)s."
    )
    return sentence % words


def _note(sides: Sequence[RevealSide], ratio: Ratio | None) -> str:
    """The uncertainty of the figure, and the size that nobody published."""
    note, unknown = headline_note(ratio), [side.model for side in sides if side.undisclosed]
    if not note or not unknown:
        return note
    if len(unknown) == 2:
        return _("%(note)s Ni l’une ni l’autre taille n’est publiée : ce sont des hypothèses.") % {
            "note": _ended(note)
        }
    model = unknown[0]
    return _("%(note)s %(maker)s ne publie pas la taille de %(model)s : c’est une hypothèse.") % {
        "note": _ended(note),
        "maker": model.organisation.name,
        "model": model.name,
    }


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith(".") else f"{sentence}."
