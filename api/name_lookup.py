"""Find a published model by its slug or by another of its names."""

import re

from api.problems import Kind, Problem
from models_registry.discovery.matching import NameIndex
from models_registry.pages import model_summary
from models_registry.pages.catalogue import published_models
from models_registry.pages.model_summary import ModelSummary, summary_of
from models_registry.validation import SLUG
from web.cached_for import cached_for

INDEX_SECONDS = 60


@cached_for(seconds=lambda: INDEX_SECONDS)
def public_names() -> NameIndex:
    """The names of the published models, as discovery and the news of the catalogue match them."""
    return NameIndex(published_models())


def find_model(name: str) -> ModelSummary:
    """The published model of this slug, alias or usual name; raises Problem when none is certain.

    The facts are read at each call; only the names of other spellings may be a minute old.
    """
    if model := _by_slug(name):
        return model
    other = public_names().find_served(name)
    if other is None or (model := _by_slug(other.slug)) is None:
        raise Problem(Kind.UNKNOWN_MODEL, f"no published model is known as {name[:80]!r}")
    return model


def _by_slug(slug: str) -> ModelSummary | None:
    """Published, and with facts that agree: a model without a page is not found."""
    if not re.fullmatch(SLUG, slug):
        return None
    values = published_models().filter(slug=slug).values_list(*model_summary.FIELDS).first()
    model = summary_of(values) if values else None
    return model if model and model.shape else None
