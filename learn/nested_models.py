"""Nested models of Gemma 3n, drawn to scale: a small one inside a large one."""

import math
from dataclasses import dataclass

from learn.model_choices import ModelsBySlug
from models_registry.pages.catalogue import CatalogueEntry
from web.formatting import billions

DRAWING_SIDE = 100
SMALL, LARGE = "gemma-3n-e2b", "gemma-3n-e4b"


@dataclass(frozen=True, slots=True)
class NestedModels:
    """Squares of both sizes inside all stored parameters; sides in percent of the outer square's."""

    small: CatalogueEntry
    large: CatalogueEntry

    @property
    def small_label(self) -> str:
        return billions(self.small.shape.effective_params_b or 0)

    @property
    def large_label(self) -> str:
        return billions(self.large.shape.effective_params_b or 0)

    @property
    def stored_label(self) -> str:
        return billions(self.large.shape.total_params_b or 0)

    @property
    def small_percent(self) -> float:
        return self._side_percent(self.small)

    @property
    def large_percent(self) -> float:
        return self._side_percent(self.large)

    @property
    def small_top(self) -> float:
        """The top of the small square; all squares stand on one line."""
        return round(DRAWING_SIDE - 8 - self.small_percent, 2)

    @property
    def large_top(self) -> float:
        return round(DRAWING_SIDE - 4 - self.large_percent, 2)

    def _side_percent(self, entry: CatalogueEntry) -> float:
        stored_b = self.large.shape.total_params_b or 1
        return round(100 * math.sqrt((entry.shape.effective_params_b or 0) / stored_b), 2)


def find_nested_models(models: ModelsBySlug) -> NestedModels | None:
    """The two models, if the registry has both."""
    if SMALL in models and LARGE in models:
        return NestedModels(models[SMALL], models[LARGE])
    return None
