"""Nested models of Gemma 3n, drawn to scale: what computes inside all that is stored."""

import math
from dataclasses import dataclass

from learn.model_choices import ModelsBySlug
from models_registry.pages.catalogue import CatalogueEntry
from web.formatting import billions

DRAWING_SIDE = 100
MARGIN = 4
SMALL, LARGE = "gemma-3n-e2b", "gemma-3n-e4b"


@dataclass(frozen=True, slots=True)
class NestedModel:
    """One model as two squares that stand on one line, in percent of the side of the largest.

    largest_b: parameters that the largest of the drawings stores, in billions.
    """

    entry: CatalogueEntry
    largest_b: float

    @property
    def effective_label(self) -> str:
        return billions(self.entry.shape.effective_params_b or 0)

    @property
    def stored_label(self) -> str:
        return billions(self.entry.shape.total_params_b or 0)

    @property
    def effective_percent(self) -> float:
        return self._side_percent(self.entry.shape.effective_params_b)

    @property
    def stored_percent(self) -> float:
        return self._side_percent(self.entry.shape.total_params_b)

    @property
    def effective_top(self) -> float:
        return round(DRAWING_SIDE - MARGIN - self.effective_percent, 2)

    @property
    def stored_top(self) -> float:
        return round(DRAWING_SIDE - 0.5 - self.stored_percent, 2)

    def _side_percent(self, params_b: float | None) -> float:
        return round((DRAWING_SIDE - 1) * math.sqrt((params_b or 0) / self.largest_b), 2)


@dataclass(frozen=True, slots=True)
class NestedModels:
    """The small model and the large one that it is a part of."""

    dolls: tuple[NestedModel, NestedModel]


def find_nested_models(models: ModelsBySlug) -> NestedModels | None:
    """The two models, if the registry has both."""
    if SMALL not in models or LARGE not in models:
        return None
    largest_b = models[LARGE].shape.total_params_b or 1
    return NestedModels((NestedModel(models[SMALL], largest_b), NestedModel(models[LARGE], largest_b)))
