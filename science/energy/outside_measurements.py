"""Published figures of others, to set beside our estimates; never used for fitting."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from science.energy.constants import JOULES_PER_WH
from science.energy.hosting import CLOUD, Hosting, HostingKind, Processor, own_server, this_computer
from science.energy.interval import Interval
from science.energy.shape import Architecture, ModelShape

TABLE = Path(__file__).with_name("outside_measurements.csv")
ASSUMED_TOKENS_OUT = 400  # where a length is not published: about 300 words
MWH_PER_WH = 1000


class PublishedUnit(StrEnum):
    """The unit of the published figure; the two per token are of tokens written."""

    WH = "Wh"
    JOULES_PER_TOKEN = "J/token"
    MWH_PER_TOKEN = "mWh/token"
    CO2E_G = "gCO2e"


class PublishedKind(StrEnum):
    """How the published figure was obtained; derived needs an assumption of ours."""

    MEASURED = "measured"
    MODELLED = "modelled"
    STATED = "stated"
    DERIVED = "derived"


class ReadAt(StrEnum):
    """The part of the source that was read: itself, or a quotation elsewhere."""

    SOURCE = "source"
    QUOTATION = "quotation"


@dataclass(frozen=True)
class OutsideMeasurement:
    """One published figure and the facts that our estimate of the same answer needs.

    published_on: a year, a month or a day in ISO 8601. model: a slug of the registry, or empty with a shape.
    tokens_out is None where the length is not published. together: answers served at once, where known.
    low, mid, high in the unit; mix: the zone of the electricity that our CO2 is computed with.
    """

    case: str
    publisher: str
    published_on: str
    what_fr: str
    what_en: str
    model: str
    shape: ModelShape | None
    weight_bits: float | None
    tokens_in: int
    tokens_out: int | None
    hosting: HostingKind
    accelerator: str
    accelerator_count: int | None
    processor: str
    together: int | None
    tokens_per_second: float | None
    kind: PublishedKind
    published: Interval
    unit: PublishedUnit
    mix: str
    source: str
    read_on: str
    read_at: ReadAt
    why_fr: str
    why_en: str

    @property
    def counted_tokens_out(self) -> int:
        """The tokens written, assumed where they are not published."""
        return ASSUMED_TOKENS_OUT if self.tokens_out is None else self.tokens_out

    @property
    def place(self) -> Hosting:
        """Where the answer was made, as far as it is published, without the power of a computer."""
        if self.hosting is HostingKind.OWN_SERVER:
            return own_server(self.accelerator, self.accelerator_count, self.together, is_measured=True)
        if self.hosting is HostingKind.THIS_COMPUTER:
            seconds = self.counted_tokens_out / self.tokens_per_second if self.tokens_per_second else None
            return this_computer(Processor(self.processor), work_seconds=seconds)
        return CLOUD

    @property
    def published_wh(self) -> Interval:
        """The published energy of the whole answer, in Wh; raises ValueError for a figure in CO2e."""
        per_unit_wh = {
            PublishedUnit.WH: 1.0,
            PublishedUnit.JOULES_PER_TOKEN: self.counted_tokens_out / JOULES_PER_WH,
            PublishedUnit.MWH_PER_TOKEN: self.counted_tokens_out / MWH_PER_WH,
        }
        if self.unit not in per_unit_wh:
            raise ValueError(f"{self.case} is in {self.unit}, which is no energy")
        return self.published.times(per_unit_wh[self.unit])


def read_outside_measurements(table: Path = TABLE) -> tuple[OutsideMeasurement, ...]:
    """All cases of the table; raises ValueError, naming the case, for a row that does not add up."""
    with table.open(encoding="utf-8") as lines:
        rows = csv.DictReader(line for line in lines if not line.startswith("#"))
        return tuple(_named_case(row) for row in rows)


def _named_case(row: dict[str, str]) -> OutsideMeasurement:
    try:
        return _case(row)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"case {row.get('case')!r}: {error}") from error


def _case(row: dict[str, str]) -> OutsideMeasurement:
    weight_bits = _number(row["weight_bits"])
    return OutsideMeasurement(
        case=row["case"],
        publisher=row["publisher"],
        published_on=row["published_on"],
        what_fr=row["what_fr"],
        what_en=row["what_en"],
        model=row["model"],
        shape=None if row["model"] else _shape(row, weight_bits),
        weight_bits=weight_bits,
        tokens_in=_count(row["tokens_in"]) or 0,
        tokens_out=_count(row["tokens_out"]),
        hosting=HostingKind(row["hosting"]),
        accelerator=row["accelerator"],
        accelerator_count=_count(row["accelerator_count"]),
        processor=row["processor"],
        together=_count(row["together"]),
        tokens_per_second=_number(row["tokens_per_second"]),
        kind=PublishedKind(row["kind"]),
        published=_published(row),
        unit=PublishedUnit(row["unit"]),
        mix=row["mix"],
        source=row["source"],
        read_on=row["read_on"],
        read_at=ReadAt(row["read_at"]),
        why_fr=row["why_fr"],
        why_en=row["why_en"],
    )


def _shape(row: dict[str, str], weight_bits: float | None) -> ModelShape:
    total_b, high_b = _number(row["total_params_b"]), _number(row["total_high_b"])
    if total_b is None or weight_bits is None:
        raise ValueError("give a model of the registry, or total_params_b and weight_bits")
    if high_b is None:
        return ModelShape(Architecture.DENSE, total_b, weight_bits=weight_bits)
    return ModelShape(
        Architecture.UNDISCLOSED, None, weight_bits=weight_bits, total_range_b=(total_b, high_b)
    )


def _published(row: dict[str, str]) -> Interval:
    """The figure with its ends; the geometric mean of the ends where only they are published."""
    value, low, high = (_number(row[name]) for name in ("value", "low", "high"))
    if value is None:
        if low is None or high is None:
            raise ValueError("give value, or both low and high")
        value = math.sqrt(low * high)
    if value <= 0:
        raise ValueError("value must be above 0")
    return Interval(value if low is None else low, value, value if high is None else high)


def _number(text: str) -> float | None:
    return float(text) if text else None


def _count(text: str) -> int | None:
    return int(text) if text else None
