"""The public models of the registry, as choices of a form."""

from collections.abc import Iterable, Mapping

from models_registry.pages.catalogue import CatalogueEntry, catalogue_entries
from models_registry.pages.makers import group_by_maker

ModelsBySlug = Mapping[str, CatalogueEntry]
Choices = list[tuple[str, list[tuple[str, str]]]]


def models_by_slug() -> ModelsBySlug:
    """Every public model by slug, ordered by name."""
    return {entry.model.slug: entry for entry in catalogue_entries()}


def grouped_choices(entries: Iterable[CatalogueEntry]) -> Choices:
    """The models as choices grouped by maker, the best known first."""
    return [
        (maker, [(entry.model.slug, entry.model.name) for entry in group])
        for maker, group in group_by_maker(entries, lambda entry: entry.model.maker)
    ]


def first_known(models: ModelsBySlug, *slugs: str) -> str:
    """The first of these slugs that the registry has, else its first model; empty if it has none."""
    return next((slug for slug in (*slugs, *models) if slug in models), "")
