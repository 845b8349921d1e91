"""The lesson on size: squares to scale, the work for one token, and the graph of the slides."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from learn.energy_equation import EnergyScale, Equation, energy_scale
from learn.model_choices import ModelsBySlug
from models_registry.pages.catalogue import CatalogueEntry
from models_registry.pages.labels import working_size_b
from science.energy import Estimate, Interval, PartName, estimate, ratio
from science.energy.constants import BUILDING_OVERHEAD, JOULES_PER_WH
from web.formatting import format_int, format_significant

LADDER = ("llama-3.1-8b", "llama-3.3-70b", "deepseek-v3")  # about 8, 70 and 671 billions
SLIDES = ("gpt-4", "mistral-small-2506", "gemma-3n-e4b")  # very large, medium, very small
SECONDS_PER_YEAR = 365.25 * 24 * 3600
BITS_PER_BYTE = 8
BILLION = 1e9


@dataclass(frozen=True, slots=True)
class Square:
    """A model as a square whose area is its parameters, `side` in square roots of a billion."""

    entry: CatalogueEntry
    side: float
    width_percent: float

    @property
    def years_label(self) -> str:
        """Years to count the parameters, one each second."""
        return format_significant(working_size_b(self.entry.shape) * BILLION / SECONDS_PER_YEAR)


@dataclass(frozen=True, slots=True)
class TokenLoad:
    """The load of one token on the cards that serve a model, by the method in use.

    parts_j: joules to read, to compute and to occupy the cards.
    """

    entry: CatalogueEntry
    gpu_count: int
    parts_j: tuple[float, ...]

    @property
    def memory_label(self) -> str:
        """GB of weights."""
        return format_int(weights_gb(self.entry))

    @property
    def joules(self) -> list[str]:
        """The parts, then their sum."""
        return [format_significant(joules) for joules in (*self.parts_j, sum(self.parts_j))]


@dataclass(frozen=True, slots=True)
class SlideGraph:
    """The same answer by three models, on a logarithmic scale and on an ordinary one.

    factor: the hungriest over the most frugal, with the range of a ratio.
    """

    scale: EnergyScale
    bars: list[tuple[Equation, float]]
    factor: Interval

    @property
    def factor_low(self) -> str:
        return format_significant(self.factor.low, digits=1)

    @property
    def factor_high(self) -> str:
        return format_significant(self.factor.high, digits=1)


def existing(models: ModelsBySlug, slugs: Iterable[str]) -> list[CatalogueEntry]:
    return [models[slug] for slug in slugs if slug in models]


def weights_gb(entry: CatalogueEntry) -> float:
    """GB of the working weights, at the released precision."""
    return working_size_b(entry.shape) * entry.shape.weight_bits / BITS_PER_BYTE


def squares(entries: Sequence[CatalogueEntry]) -> list[Square]:
    """One square for each model; widths are in percent of the drawing."""
    sides = [math.sqrt(working_size_b(entry.shape)) for entry in entries]
    return [
        Square(entry, round(side, 3), round(100 * side / sum(sides), 2))
        for entry, side in zip(entries, sides, strict=True)
    ]


def token_loads(entries: Sequence[CatalogueEntry]) -> list[TokenLoad]:
    return [_token_load(entry, estimate(entry.shape, 1)) for entry in entries]


def _token_load(entry: CatalogueEntry, token: Estimate) -> TokenLoad:
    joules = {part.name: part.energy_wh * JOULES_PER_WH / BUILDING_OVERHEAD.value for part in token.parts}
    parts_j = tuple(joules[name] for name in (PartName.WEIGHTS, PartName.COMPUTE, PartName.GPUS))
    return TokenLoad(entry, token.gpu_count, parts_j)


def slide_graph(entries: Sequence[CatalogueEntry], tokens: int) -> SlideGraph | None:
    """None with fewer than two models to compare."""
    if len(entries) < 2:
        return None
    equations = [Equation(entry.model.name, estimate(entry.shape, tokens)) for entry in entries]
    energies_wh = [equation.estimate.mid_wh for equation in equations]
    most_frugal, *_, hungriest = sorted(equations, key=lambda equation: equation.estimate.mid_wh)
    bars = [round(100 * energy_wh / max(energies_wh), 3) for energy_wh in energies_wh]
    return SlideGraph(
        scale=energy_scale(equations),
        bars=list(zip(equations, bars, strict=True)),
        factor=ratio(hungriest.estimate, most_frugal.estimate).factor_interval,
    )


def missing_slugs(models: ModelsBySlug, slugs: Iterable[str]) -> list[str]:
    """The models of a page that the registry does not have."""
    return [slug for slug in dict.fromkeys(slugs) if slug not in models]
