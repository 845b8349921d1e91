"""The registry's models, to choose from."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from models_registry.pages.catalogue import CatalogueEntry, catalogue_entries

ModelsBySlug = Mapping[str, CatalogueEntry]
Choices = list[tuple[str, list[tuple[str, str]]]]


def models_by_slug() -> ModelsBySlug:
    """Every public model by its slug, in the order of their names."""
    return {entry.model.slug: entry for entry in catalogue_entries()}


def grouped_choices(every: Iterable[CatalogueEntry]) -> Choices:
    """The models as choices, under their makers."""
    by_maker: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for entry in every:
        by_maker[entry.model.maker].append((entry.model.slug, entry.model.name))
    return sorted(by_maker.items(), key=lambda group: group[0].casefold())


def first_known(found: ModelsBySlug, *slugs: str) -> str:
    """The first of these slugs that the registry knows, else its first model; empty when it has none."""
    return next((slug for slug in (*slugs, *found) if slug in found), "")
