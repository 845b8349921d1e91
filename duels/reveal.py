"""What is told once the vote is cast: who answered, what they are made of, what it took."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from duels.consumption import estimate_side, shape_of
from duels.models import Answer, Duel, Side
from models_registry.axis import Axis
from models_registry.figures import release, significant, watt_hours, whole
from models_registry.models import LanguageModel
from models_registry.wording import part_label, range_label, size_caption, size_label
from science.energy import Estimate, Interval, Ratio, Verdict, ratio


@dataclass(frozen=True, slots=True)
class PartBar:
    """One part of the energy, in percent of the middle."""

    key: str
    label: str
    share_percent: float


@dataclass(frozen=True, slots=True)
class RevealSide:
    """Who stood on one side, with the equation size x tokens = energy, ready to be read."""

    side: str
    model: LanguageModel
    architecture_label: str
    release_label: str
    size_label: str
    size_caption: str
    tokens_label: str
    tokens_caption: str
    energy_label: str
    range_label: str
    parts: list[PartBar]
    estimate: Estimate
    chosen: bool

    @property
    def letter(self) -> str:
        return self.side.upper()

    @property
    def undisclosed(self) -> bool:
        return not self.estimate.shape.is_disclosed


@dataclass(frozen=True, slots=True)
class Scale:
    """A logarithmic axis that holds both ranges; positions in percent of its width."""

    ticks: list[tuple[float, str]]
    rows: list[tuple[str, float, float, float]]


@dataclass(frozen=True, slots=True)
class Reveal:
    """The whole reveal; `ratio` is None when a side wrote nothing."""

    choice: str
    choice_label: str
    headline: str
    headline_note: str
    sides: list[RevealSide]
    ratio: Ratio | None
    scale: Scale
    prompt: str


def reveal(duel: Duel) -> Reveal:
    """Everything about both sides of a duel that was voted on."""
    sides = [_side(duel, side) for side in Side.values]
    proportion = _ratio(sides)
    return Reveal(
        choice=duel.vote.choice,
        choice_label=duel.vote.get_choice_display(),
        headline=_headline(proportion),
        headline_note=_headline_note(proportion),
        sides=sides,
        ratio=proportion,
        scale=_scale(sides),
        prompt=duel.turns.all()[0].prompt,
    )


def _side(duel: Duel, side: str) -> RevealSide:
    answers = [answer for turn in duel.turns.all() for answer in turn.answers.all() if answer.side == side]
    model, shape = answers[-1].model, shape_of(answers[-1])
    energy = estimate_side(answers)
    return RevealSide(
        side=side,
        model=model,
        architecture_label=model.get_architecture_display(),
        release_label=release(model.release_date, model.release_precision),
        size_label=size_label(shape),
        size_caption=size_caption(shape),
        tokens_label=whole(energy.tokens),
        tokens_caption=_tokens_caption(answers, energy),
        energy_label=watt_hours(energy.mid_wh),
        range_label=range_label(energy),
        parts=[PartBar(part.name, part_label(part.name, energy), 100 * part.share) for part in energy.parts],
        estimate=energy,
        chosen=duel.vote.choice == side,
    )


def _tokens_caption(answers: list[Answer], energy: Estimate) -> str:
    if energy.reasoning_tokens:
        return _("jetons écrits, dont %(hidden)s de réflexion") % {"hidden": whole(energy.reasoning_tokens)}
    if any(answer.count_source == Answer.CountSource.COUNTED for answer in answers):
        return _("jetons écrits, comptés par nous")
    return _("jetons écrits")


def _ratio(sides: list[RevealSide]) -> Ratio | None:
    first, second = (side.estimate for side in sides)
    return ratio(first, second) if first.tokens and second.tokens else None


def _headline(proportion: Ratio | None) -> str:
    """The ratio in words: it is much surer than watt-hours."""
    if proportion is None:
        return _("Une seule réponse : rien à comparer")
    if proportion.verdict is Verdict.SAME_ORDER:
        return _("A et B ont demandé une énergie du même ordre")
    more, less = ("A", "B") if proportion.verdict is Verdict.FIRST_MORE else ("B", "A")
    return _("%(more)s a demandé environ %(factor)s fois plus d’énergie que %(less)s") % {
        "more": more,
        "factor": significant(proportion.factor),
        "less": less,
    }


def _headline_note(proportion: Ratio | None) -> str:
    if proportion is None:
        return ""
    interval = proportion.factor_interval
    if proportion.verdict is Verdict.SAME_ORDER:
        return _("L’écart est trop petit pour désigner la plus gourmande.")
    if interval.low < 1:
        return _("L’incertitude est grande : l’ordre pourrait s’inverser.")
    return pgettext("ratio", "entre %(low)s et %(high)s fois, selon ce qu’on ne sait pas") % {
        "low": significant(interval.low),
        "high": significant(interval.high),
    }


def _scale(sides: list[RevealSide]) -> Scale:
    """Both ranges on one axis; a side that wrote nothing has none."""
    told = [side for side in sides if side.estimate.low_wh > 0]
    if not told:
        return Scale([], [])
    axis = Axis.around([side.estimate.energy_wh for side in told])
    bands = [(side.letter, axis.band(side.estimate.energy_wh)) for side in told]
    rows = [(letter, band.low_percent, band.mid_percent, band.high_percent) for letter, band in bands]
    return Scale(axis.ticks(), rows)


def as_json(duel: Duel) -> dict[str, Any]:
    """The figures of the reveal for a machine; energies in Wh, sizes in billions of parameters."""
    told = reveal(duel)
    return {
        "duel": duel.code,
        "vote": told.choice,
        "ratio_a_over_b": _interval(told.ratio.interval) if told.ratio else None,
        "verdict": told.ratio.verdict if told.ratio else None,
        "sides": {side.side: _side_json(side) for side in told.sides},
    }


def _side_json(side: RevealSide) -> dict[str, Any]:
    shape, energy, model = side.estimate.shape, side.estimate, side.model
    return {
        "model": model.slug,
        "name": model.name,
        "organisation": model.organisation.name,
        "licence": model.licence.name,
        "release_date": model.release_date.isoformat() if model.release_date else None,
        "architecture": shape.architecture,
        "disclosed": shape.is_disclosed,
        "total_params_b": shape.total_params_b,
        "active_params_b": shape.active_params_b,
        "effective_params_b": shape.effective_params_b,
        "total_range_b": shape.total_range_b,
        "weight_bits": shape.weight_bits,
        "tokens_out": energy.tokens_out,
        "reasoning_tokens": energy.reasoning_tokens,
        "energy_wh": _interval(energy.energy_wh),
        "parts_wh": {part.name: part.energy_wh for part in energy.parts},
        "gpu_count": energy.gpu_count,
        "method": energy.method.name,
        "method_version": energy.method.version,
    }


def _interval(interval: Interval) -> dict[str, float]:
    return {"low": interval.low, "mid": interval.mid, "high": interval.high}
