"""Published figures beside our estimates: both, their ratio, and the reasons of a gap."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from statistics import median

from django.utils.translation import gettext as _

from duels.reveal.ratio_labels import NO_EFFECT_BELOW, format_2_digits
from learn.model_choices import ModelsBySlug
from science.energy import Estimate, HostingKind, Interval, ModelShape, carbon, estimate
from science.energy.outside_measurements import (
    OutsideMeasurement,
    PublishedKind,
    PublishedUnit,
    ReadAt,
    read_outside_measurements,
)
from web.formatting import dated, format_int, format_significant, localized, watt_hours

MG_PER_G = 1000
DATE_FORMS = {4: "Y", 7: "F Y", 10: "DATE_FORMAT"}  # by the length of the ISO date


@dataclass(frozen=True, slots=True)
class ComparedFigure:
    """A published figure and our estimate of the same answer, both in Wh, or in g of CO2e."""

    measurement: OutsideMeasurement
    published: Interval
    ours: Interval

    @property
    def ratio(self) -> Interval:
        """Ours over theirs: above 1, we say more than was published."""
        return self.ours.times(1 / self.published.mid)

    @property
    def is_inside(self) -> bool:
        return self.ours.contains(self.published.mid)

    @property
    def what(self) -> str:
        return localized(self.measurement.what_fr, self.measurement.what_en)

    @property
    def why(self) -> str:
        return localized(self.measurement.why_fr, self.measurement.why_en)

    @property
    def published_label(self) -> str:
        return self._amount(self.published.mid, self._published_digits)

    @property
    def published_range(self) -> str:
        return self._range(self.published, self._published_digits)

    @property
    def _published_digits(self) -> int:
        """Three where they were published, of the answer itself: 1 140 mg, but 0,24 Wh."""
        ends = (self.published.low, self.published.mid, self.published.high)
        is_itself = self.measurement.unit in (PublishedUnit.WH, PublishedUnit.CO2E_G)
        return 3 if is_itself and any(f"{end:.2g}" != f"{end:.3g}" for end in ends) else 2

    @property
    def ours_label(self) -> str:
        return self._amount(self.ours.mid)

    @property
    def ours_range(self) -> str:
        return self._range(self.ours)

    @property
    def ratio_label(self) -> str:
        """How our middle stands to the published figure, in words."""
        ratio = self.ratio.mid
        if 1 / NO_EFFECT_BELOW < ratio < NO_EFFECT_BELOW:
            return _("autant")
        if ratio > 1:
            return _("%(factor)s fois plus") % {"factor": format_2_digits(ratio)}
        return _("%(factor)s fois moins") % {"factor": format_2_digits(1 / ratio)}

    @property
    def length_label(self) -> str:
        tokens = format_int(self.measurement.counted_tokens_out)
        if self.measurement.tokens_out is None:
            return _("longueur non publiée, %(tokens)s jetons supposés") % {"tokens": tokens}
        return _("%(tokens)s jetons écrits") % {"tokens": tokens}

    @property
    def kind_label(self) -> str:
        return {
            PublishedKind.MEASURED: _("mesuré"),
            PublishedKind.MODELLED: _("calculé, non mesuré"),
            PublishedKind.STATED: _("annoncé sans méthode"),
            PublishedKind.DERIVED: _("déduit de chiffres publiés"),
        }[self.measurement.kind]

    @property
    def reading_label(self) -> str:
        """When the source was read, and how far."""
        day = {"date": dated(date.fromisoformat(self.measurement.read_on))}
        return {
            ReadAt.SOURCE: _("lu le %(date)s"),
            ReadAt.QUOTATION: _("lu dans une citation le %(date)s"),
        }[self.measurement.read_at] % day

    @property
    def published_date(self) -> str:
        iso = self.measurement.published_on
        return dated(date.fromisoformat(f"{iso}-01-01"[:10]), DATE_FORMS[len(iso)])

    def _range(self, interval: Interval, digits: int = 2) -> str:
        """Both ends; nothing when they are written alike."""
        low, high = self._amount(interval.low, digits), self._amount(interval.high, digits)
        return _("%(low)s à %(high)s") % {"low": low, "high": high} if low != high else ""

    def _amount(self, value: float, digits: int = 2) -> str:
        if self.measurement.unit is PublishedUnit.CO2E_G:
            return f"{format_significant(value * MG_PER_G, digits)} mg"
        return watt_hours(value, digits)


@dataclass(frozen=True, slots=True)
class RatioAxis:
    """A logarithmic axis of ratios in whole decades, from 10**first to 10**last."""

    first: int
    last: int

    @classmethod
    def around(cls, ratios: Sequence[Interval]) -> "RatioAxis":
        first = math.floor(math.log10(min(ratio.low for ratio in ratios)))
        return cls(min(first, -1), max(1, math.ceil(math.log10(max(ratio.high for ratio in ratios)))))

    def percent(self, ratio: float) -> float:
        """The position of a ratio, in percent of the axis."""
        return round(100 * (math.log10(ratio) - self.first) / (self.last - self.first), 2)


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """A figure with the band of its ratio, in percent of the axis of all figures."""

    figure: ComparedFigure
    low_percent: float
    mid_percent: float
    width_percent: float
    equal_percent: float


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the figures of some cases differ from ours."""

    cases: list[str]
    text: str


@dataclass(frozen=True, slots=True)
class FigureGroup:
    """The figures of one way of serving."""

    hosting: HostingKind
    rows: list[ComparedRow]

    @property
    def title(self) -> str:
        return {
            HostingKind.CLOUD: _("Dans les grands services"),
            HostingKind.OWN_SERVER: _("Sur un serveur à soi"),
            HostingKind.THIS_COMPUTER: _("Sur un ordinateur personnel"),
        }[self.hosting]

    @property
    def summary(self) -> str:
        """How many figures our range contains, and by how much the middle is off."""
        errors = [abs(math.log(row.figure.ratio.mid)) for row in self.rows]
        sentence = _(
            "Notre fourchette contient %(inside)s de ces %(count)s chiffres. "
            "Une fois sur deux, nous nous trompons de plus d’un facteur %(factor)s."
        )
        return sentence % {
            "inside": sum(row.figure.is_inside for row in self.rows),
            "count": len(self.rows),
            "factor": format_2_digits(math.exp(median(errors))),
        }

    @property
    def reasons(self) -> list[Reason]:
        """The reason of each case; neighbours with the same one share it."""
        figures = [row.figure for row in self.rows]
        return [
            Reason([figure.what for figure in same], why)
            for why, same in groupby(figures, key=lambda figure: figure.why)
        ]


def compare_figures(models: ModelsBySlug) -> list[ComparedFigure]:
    """Every published figure beside our estimate; without those of models that the registry does not have."""
    compared = []
    for measurement in read_outside_measurements():
        if shape := shape_of(measurement, models):
            compared.append(_compare(measurement, estimate_case(measurement, shape)))
    return compared


def named_models() -> list[str]:
    """The slugs of the registry that the table names."""
    return [one.model for one in read_outside_measurements() if one.model]


def shape_of(measurement: OutsideMeasurement, models: ModelsBySlug) -> ModelShape | None:
    """The shape that was run: that of the registry's model, in the precision of the case where it has one."""
    if measurement.shape is not None:
        return measurement.shape
    if measurement.model not in models:
        return None
    shape = models[measurement.model].shape
    return replace(shape, weight_bits=measurement.weight_bits) if measurement.weight_bits else shape


def estimate_case(measurement: OutsideMeasurement, shape: ModelShape) -> Estimate:
    """Our estimate of the answer of a case, as the site would show it."""
    return estimate(
        shape,
        measurement.counted_tokens_out,
        tokens_in=measurement.tokens_in,
        hosting=measurement.place,
    )


def _compare(measurement: OutsideMeasurement, ours: Estimate) -> ComparedFigure:
    if measurement.unit is PublishedUnit.CO2E_G:
        return ComparedFigure(measurement, measurement.published, carbon(ours, measurement.mix).electricity_g)
    return ComparedFigure(measurement, measurement.published_wh, ours.energy_wh)


def figure_groups(figures: Sequence[ComparedFigure]) -> list[FigureGroup]:
    """The figures by way of serving, in the order of the table, all on one axis."""
    if not figures:
        return []
    axis = RatioAxis.around([figure.ratio for figure in figures])
    rows = [_row(figure, axis) for figure in figures]
    return [
        FigureGroup(hosting, [row for row in rows if row.figure.measurement.hosting is hosting])
        for hosting in HostingKind
        if any(row.figure.measurement.hosting is hosting for row in rows)
    ]


def _row(figure: ComparedFigure, axis: RatioAxis) -> ComparedRow:
    low, high = axis.percent(figure.ratio.low), axis.percent(figure.ratio.high)
    return ComparedRow(figure, low, axis.percent(figure.ratio.mid), round(high - low, 2), axis.percent(1))
