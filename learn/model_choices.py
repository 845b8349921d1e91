"""The public models of the registry, as choices of a form."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from models_registry.pages.catalogue import CatalogueEntry, catalogue_entries

ModelsBySlug = Mapping[str, CatalogueEntry]
Choices = list[tuple[str, list[tuple[str, str]]]]


def models_by_slug() -> ModelsBySlug:
    """Every public model by slug, ordered by name."""
    return {entry.model.slug: entry for entry in catalogue_entries()}


def grouped_choices(entries: Iterable[CatalogueEntry]) -> Choices:
    """The models as choices grouped by maker."""
    by_maker: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for entry in entries:
        by_maker[entry.model.maker].append((entry.model.slug, entry.model.name))
    return sorted(by_maker.items(), key=lambda group: group[0].casefold())


def first_known(models: ModelsBySlug, *slugs: str) -> str:
    """The first of these slugs that the registry has, else its first model; empty if it has none."""
    return next((slug for slug in (*slugs, *models) if slug in models), "")
